//! The cards' menus and the actions of all buttons.

use domain::logs::{Direction, Kind};
use leptos::prelude::*;
use web_sys::HtmlElement;

use super::{
    CardState, Dashboard,
    dom::{query_selector, query_selector_all},
};
use crate::ui::ToastKind;

impl Dashboard {
    /// Fills a menu when it opens.
    pub(super) fn fill_menu(&self, details: &HtmlElement) {
        if let Some(panel) = query_selector(details, "[data-overlay]") {
            return self.fill_overlay(&panel);
        }
        let (Some(panel), Some(key)) =
            (query_selector(details, "[data-menu]"), super::dom::closest(details, "[data-card]"))
        else {
            return;
        };
        let key = key.get_attribute("data-card").unwrap_or_default();
        for old in query_selector_all(&panel, "button, hr") {
            old.remove();
        }
        let may_edit_layout = self.root.has_attribute("data-arrange");
        let items = self.with_card(&key, |state| menu_items(state, may_edit_layout)).unwrap_or_default();
        // The labels are constants, so they need no escaping.
        _ = panel.insert_adjacent_html("beforeend", &menu_html(&items));
    }

    /// Performs a button's action on the card with this key.
    pub(super) fn perform_action(&self, action: &str, key: &str, button: &HtmlElement) {
        match action {
            "full" => self.open_expanded(key),
            "close" => self.close_expanded(),
            "reset" => self.reset_zoom(),
            "sort" => self.sort_table(key, button),
            "copy" => self.copy_content(key),
            "link" => self.copy_link(key),
            "png" | "svg" => self.download_chart(key, action),
            "csv" | "json" => self.download_data(key, action),
            "numbers" => self.normalize_heatmap(key, ""),
            "rows" => self.normalize_heatmap(key, "row"),
            "columns" => self.normalize_heatmap(key, "column"),
            "earlier" => self.move_card(key, false),
            "later" => self.move_card(key, true),
            "wider" => self.resize_card(key, 1, 0),
            "narrower" => self.resize_card(key, -1, 0),
            "taller" => self.resize_card(key, 0, 1),
            "shorter" => self.resize_card(key, 0, -1),
            "fold" => self.fold_all(true),
            "unfold" => self.fold_all(false),
            "plain" => self.reset_layout(),
            "best-lowest" => self.set_direction(key, Direction::Lower),
            "best-highest" => self.set_direction(key, Direction::Higher),
            "best-none" => self.set_direction(key, Direction::Neither),
            "overlay" => self.add_overlay(),
            "remove" => self.remove_overlay(key),
            "previous" => self.step_image_version(key, -1),
            "next" => self.step_image_version(key, 1),
            "in" => self.zoom_image(1.5),
            "out" => self.zoom_image(1.0 / 1.5),
            _ => {}
        }
    }

    fn reset_zoom(&self) {
        if self.view_state.borrow().independent_zoom {
            for key in self.keys() {
                self.set_zoom(None, &key);
            }
        } else {
            self.set_zoom(None, "");
        }
    }

    fn normalize_heatmap(&self, key: &str, normalization: &str) {
        let change = |state: &mut CardState| {
            state.normalization = normalization.to_owned();
            state.document.stale = true;
        };
        self.with_card(key, change);
        if self.is_expanded(key) {
            self.with_card(super::EXPANDED, change);
        }
        self.schedule_update(0);
    }

    fn copy_link(&self, key: &str) {
        let Some(name) = self.with_card(key, |state| state.name.clone()) else { return };
        let mut view_state = self.view_state();
        view_state.open = Some(name);
        let location = window().location();
        let (origin, path) = (location.origin().unwrap_or_default(), location.pathname().unwrap_or_default());
        let query = view_state.to_query(|text| js_sys::encode_uri_component(text).into());
        self.copy_to_clipboard(&format!("{origin}{path}{query}"), "Link copied.");
    }

    /// Copies a card's content: a table as tab-separated values, a value as text.
    fn copy_content(&self, key: &str) {
        let Some(article) = self.with_card(key, |state| state.article.clone()) else { return };
        let text = match query_selector(&article, "table") {
            Some(table) => super::table::to_tsv(&table),
            None => {
                query_selector(&article, "p[data-value]").and_then(|value| value.text_content()).unwrap_or_default()
            }
        };
        self.copy_to_clipboard(text.trim(), "Copied.");
    }

    fn copy_to_clipboard(&self, text: &str, message: &str) {
        if crate::ui::copy_to_clipboard(text).is_some() {
            self.toasts.show(ToastKind::Success, message);
        }
    }
}

/// Returns the menu items of a card as pairs of action and label; an empty pair is a separator.
fn menu_items(state: &CardState, may_edit_layout: bool) -> Vec<(&'static str, &'static str)> {
    let mut items = vec![];
    let is_overlay = state.id.is_none();
    match state.kind {
        Kind::Line => {}
        Kind::Value => items.extend([("copy", "Copy"), ("json", "Download JSON")]),
        Kind::Image => items.extend([("json", "Download JSON")]),
        Kind::Bar => items.extend([("csv", "Download CSV"), ("json", "Download JSON")]),
        Kind::Heatmap => items.extend([
            ("numbers", "Show values"),
            ("rows", "Normalize by row"),
            ("columns", "Normalize by column"),
            ("", ""),
            ("csv", "Download CSV"),
            ("json", "Download JSON"),
        ]),
        Kind::Table | Kind::Labelmap | Kind::Evaluation => {
            items.extend([("copy", "Copy table"), ("csv", "Download CSV"), ("json", "Download JSON")]);
        }
    }
    if state.chart_element.is_some() {
        items.extend([("png", "Download PNG"), ("svg", "Download SVG")]);
    }
    items.push(("link", "Copy link"));
    if may_edit_layout && !is_overlay {
        items.extend([("", ""), ("earlier", "Move left"), ("later", "Move right")]);
    }
    if may_edit_layout {
        items.extend([("wider", "Wider"), ("narrower", "Narrower"), ("taller", "Taller"), ("shorter", "Shorter")]);
    }
    if may_edit_layout && state.kind == Kind::Line && !is_overlay {
        let directions = [
            (Direction::Lower, "best-lowest", "Lowest is best"),
            (Direction::Higher, "best-highest", "Highest is best"),
            (Direction::Neither, "best-none", "No best value"),
        ];
        items.push(("", ""));
        let others = directions.into_iter().filter(|(direction, ..)| *direction != state.direction);
        items.extend(others.map(|(_, action, label)| (action, label)));
    }
    if is_overlay {
        items.extend([("", ""), ("remove", "Remove card")]);
    }
    items
}

/// Returns menu items as HTML.
fn menu_html(items: &[(&str, &str)]) -> String {
    let item_html = |(action, label): &(&str, &str)| {
        if action.is_empty() {
            r#"<hr class="menu-line">"#.to_owned()
        } else {
            format!(r#"<button type="button" class="menu-item" data-do="{action}">{label}</button>"#)
        }
    };
    items.iter().map(item_html).collect()
}
