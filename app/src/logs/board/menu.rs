//! The menus of cards, and what their entries do.

use domain::logs::Kind;
use leptos::prelude::*;
use web_sys::HtmlElement;

use super::{
    Board, Plot,
    dom::{find, find_all},
};
use crate::ui::ToastKind;

impl Board {
    /// Fills a menu that was just unfolded.
    pub(super) fn fill(&self, details: &HtmlElement) {
        if let Some(panel) = find(details, "[data-overlay]") {
            return self.fill_overlay(&panel);
        }
        let (Some(panel), Some(key)) = (find(details, "[data-menu]"), super::dom::around(details, "[data-card]"))
        else {
            return;
        };
        let key = key.get_attribute("data-card").unwrap_or_default();
        for old in find_all(&panel, "button, hr") {
            old.remove();
        }
        let may_arrange = self.root.has_attribute("data-arrange");
        let entries = self.plot(&key, |plot| entries(plot, may_arrange)).unwrap_or_default();
        // The words are ours, none of them comes from a script.
        _ = panel.insert_adjacent_html("beforeend", &buttons(&entries));
    }

    /// Does what a button says, for the card with this key.
    pub(super) fn press_button(&self, what: &str, key: &str, button: &HtmlElement) {
        match what {
            "full" => self.open(key),
            "close" => self.close(),
            "reset" => self.reset_zoom(),
            "sort" => super::table::sort(button),
            "copy" => self.copy(key),
            "link" => self.copy_link(key),
            "png" | "svg" => self.save_picture(key, what),
            "csv" | "json" => self.save_data(key, what),
            "numbers" => self.show_shares(key, ""),
            "rows" => self.show_shares(key, "row"),
            "columns" => self.show_shares(key, "column"),
            "earlier" => self.move_by_one(key, false),
            "later" => self.move_by_one(key, true),
            "wider" => self.size(key, 1, 0),
            "narrower" => self.size(key, -1, 0),
            "taller" => self.size(key, 0, 1),
            "shorter" => self.size(key, 0, -1),
            "fold" => self.fold_all(true),
            "unfold" => self.fold_all(false),
            "plain" => self.forget_layout(),
            "overlay" => self.add_overlay(),
            "remove" => self.remove_overlay(key),
            "previous" => self.turn_picture(key, -1),
            "next" => self.turn_picture(key, 1),
            "in" => self.enlarge(1.5),
            "out" => self.enlarge(1.0 / 1.5),
            _ => {}
        }
    }

    fn reset_zoom(&self) {
        if self.look.borrow().independent_zoom {
            for key in self.keys() {
                self.zoom(None, &key);
            }
        } else {
            self.zoom(None, "");
        }
    }

    fn show_shares(&self, key: &str, share: &str) {
        let change = |plot: &mut Plot| {
            plot.share = share.to_owned();
            plot.document.old = true;
        };
        self.plot(key, change);
        if self.is_full(key) {
            self.plot(super::FULL, change);
        }
        self.wake(0);
    }

    fn copy_link(&self, key: &str) {
        let Some(name) = self.plot(key, |plot| plot.name.clone()) else { return };
        let mut look = self.look();
        look.open = Some(name);
        let location = window().location();
        let (origin, path) = (location.origin().unwrap_or_default(), location.pathname().unwrap_or_default());
        let query = look.to_query(|text| js_sys::encode_uri_component(text).into());
        self.copy_to_clipboard(&format!("{origin}{path}{query}"), "Link copied.");
    }

    /// Copies what a card shows: a table as a spreadsheet reads it, a value as it is.
    fn copy(&self, key: &str) {
        let Some(article) = self.plot(key, |plot| plot.article.clone()) else { return };
        let text = match find(&article, "table") {
            Some(table) => super::table::as_text(&table),
            None => find(&article, "[data-value]").and_then(|value| value.text_content()).unwrap_or_default(),
        };
        self.copy_to_clipboard(text.trim(), "Copied.");
    }

    fn copy_to_clipboard(&self, text: &str, done: &str) {
        if crate::ui::copy_to_clipboard(text).is_some() {
            self.toasts.show(ToastKind::Good, done);
        }
    }
}

/// What can be done with a card.
pub(super) fn entries(plot: &Plot, may_arrange: bool) -> Vec<(&'static str, &'static str)> {
    let mut entries = vec![];
    let one = plot.id.is_some();
    match plot.kind {
        Kind::Line => {}
        Kind::Value => entries.extend([("copy", "Copy"), ("json", "Download JSON")]),
        Kind::Image => entries.extend([("json", "Download JSON")]),
        Kind::Bar => entries.extend([("csv", "Download CSV"), ("json", "Download JSON")]),
        Kind::Heatmap => entries.extend([
            ("numbers", "Show values"),
            ("rows", "Normalize by row"),
            ("columns", "Normalize by column"),
            ("", ""),
            ("csv", "Download CSV"),
            ("json", "Download JSON"),
        ]),
        Kind::Table | Kind::Labelmap | Kind::Evaluation => {
            entries.extend([("copy", "Copy table"), ("csv", "Download CSV"), ("json", "Download JSON")]);
        }
    }
    if plot.place.is_some() {
        entries.extend([("png", "Download PNG"), ("svg", "Download SVG")]);
    }
    entries.push(("link", "Copy link"));
    if may_arrange && one {
        entries.extend([("", ""), ("earlier", "Move left"), ("later", "Move right")]);
    }
    if may_arrange {
        entries.extend([("wider", "Wider"), ("narrower", "Narrower"), ("taller", "Taller"), ("shorter", "Shorter")]);
    }
    if !one {
        entries.extend([("", ""), ("remove", "Remove card")]);
    }
    entries
}

/// Entries as HTML; an empty one is a line between others.
fn buttons(entries: &[(&str, &str)]) -> String {
    let button = |(what, words): &(&str, &str)| {
        if what.is_empty() {
            r#"<hr class="menu-line">"#.to_owned()
        } else {
            format!(r#"<button type="button" class="menu-item" data-do="{what}">{words}</button>"#)
        }
    };
    entries.iter().map(button).collect()
}
