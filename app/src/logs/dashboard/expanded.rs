//! A card at full size, in a dialog.

use domain::logs::Kind;
use wasm_bindgen::JsCast;
use web_sys::HtmlDialogElement;

use super::{
    CardState, Dashboard, EXPANDED,
    dom::{query_selector, set_text},
    table_rows::RowsAction,
};

/// Returns the buttons above a card at full size as HTML.
fn toolbar_html(state: &CardState) -> String {
    let mut html = String::new();
    let mut button = |action: &str, label: &str| {
        html.push_str(&format!(r#"<button type="button" class="button" data-do="{action}">{label}</button>"#));
    };
    match state.kind {
        Kind::Line => {}
        Kind::Heatmap => {
            for (action, label) in
                [("numbers", "Values"), ("rows", "Normalize by row"), ("columns", "Normalize by column")]
            {
                button(action, label);
            }
        }
        Kind::Image => {
            button("out", "Zoom out");
            button("in", "Zoom in");
        }
        Kind::Table | Kind::Labelmap | Kind::Evaluation => button("copy", "Copy"),
        Kind::Value | Kind::Bar => {}
    }
    match state.kind {
        Kind::Line | Kind::Value | Kind::Image => {}
        _ => button("csv", "Download CSV"),
    }
    if state.chart_element.is_some() {
        button("png", "Download PNG");
        button("svg", "Download SVG");
    }
    button("link", "Copy link");
    if matches!(state.kind, Kind::Table | Kind::Labelmap | Kind::Evaluation) {
        html.insert_str(
            0,
            r#"<input class="input" type="search" name="find" placeholder="Find rows" aria-label="Find rows" maxlength="200" autocomplete="off">"#,
        );
    }
    html
}

impl Dashboard {
    fn dialog(&self) -> Option<HtmlDialogElement> {
        query_selector(&self.root, "dialog")?.dyn_into().ok()
    }

    /// Returns whether this card is shown at full size.
    pub(super) fn is_expanded(&self, key: &str) -> bool {
        self.dialog().is_some_and(|dialog| dialog.open() && dialog.get_attribute("data-card").as_deref() == Some(key))
    }

    /// Shows a card at full size.
    pub(super) fn open_expanded(&self, key: &str) {
        let Some(dialog) = self.dialog().filter(|dialog| !dialog.open()) else { return };
        let sections = self.sections();
        let placed = sections.iter().flat_map(|section| &section.cards).find(|placed| placed.key == key);
        let (Some(placed), Some(body)) = (placed, query_selector(&dialog, "[data-body]")) else { return };
        let Some((article, images, picture, normalization, rows, own_note)) = self.with_card(key, |state| {
            let (rows, note) = (state.rows.clone(), state.note.clone());
            (
                state.article.clone(),
                state.image_versions.clone(),
                state.image_index,
                state.normalization.clone(),
                rows,
                note,
            )
        }) else {
            return;
        };
        match placed.kind {
            Kind::Line | Kind::Bar | Kind::Heatmap => body.set_inner_html(r#"<div class="plot" data-plot></div>"#),
            Kind::Value => {
                body.set_inner_html(r#"<p class="full-value" data-value></p>"#);
                let value = query_selector(&article, "p[data-value]")
                    .and_then(|value| value.text_content())
                    .unwrap_or_default();
                _ = query_selector(&body, "p[data-value]").map(|element| set_text(&element, &value));
            }
            Kind::Image => body.set_inner_html(""),
            Kind::Table | Kind::Labelmap | Kind::Evaluation => {
                body.set_inner_html(
                    &query_selector(&article, "[data-body]").map(|shown| shown.inner_html()).unwrap_or_default(),
                );
            }
        }
        let mut state = CardState::new(placed, dialog.clone().into());
        (state.visible, state.image_versions, state.image_index) = (true, images, picture);
        // A normalized heatmap stays normalized, and needs its own figure.
        state.document.stale |= !normalization.is_empty();
        state.normalization = normalization;
        // A sorted table stays sorted.
        state.document.stale |= rows.action() == RowsAction::AskServer;
        (state.rows, state.note) = (rows, own_note);
        let note = query_selector(&article, "[data-note]").and_then(|note| note.text_content()).unwrap_or_default();
        state.set_note(&note);
        _ = query_selector(&dialog, "#full-title").map(|title| set_text(&title, &placed.name));
        if let Some(toolbar) = query_selector(&dialog, ".full-tools") {
            toolbar.set_inner_html(&toolbar_html(&state));
        }
        // Fails only for invalid names.
        _ = dialog.set_attribute("data-card", key);
        self.cards.borrow_mut().push((EXPANDED.to_owned(), state));
        if dialog.show_modal().is_ok() {
            self.view_state.borrow_mut().open = Some(placed.name.clone());
            self.update_url();
            self.show_image_version(EXPANDED);
            self.schedule_update(0);
        }
    }

    pub(super) fn close_expanded(&self) {
        if let Some(dialog) = self.dialog() {
            dialog.close();
        }
    }

    /// Cleans up after the dialog was closed, by a button or by the browser.
    pub(super) fn handle_dialog_closed(&self) {
        if let Some(mut expanded) = self.remove_card(EXPANDED) {
            expanded.erase();
        }
        if let Some(dialog) = self.dialog() {
            _ = query_selector(&dialog, "[data-body]").map(|body| body.set_inner_html(""));
            _ = dialog.remove_attribute("data-card");
            _ = dialog.class_list().remove_1("drawn");
        }
        self.view_state.borrow_mut().open = None;
        self.update_url();
    }

    /// Opens the card that the URL names, once.
    pub(super) fn open_from_url(&self) {
        let name = self.view_state.borrow().open.clone();
        let Some(name) = name.filter(|_| self.with_card(EXPANDED, |_| ()).is_none()) else { return };
        let key = self.cards.borrow().iter().find(|(_, state)| state.name == name).map(|(key, _)| key.clone());
        match key {
            Some(key) => self.open_expanded(&key),
            // The log was deleted; remove it from the URL too.
            None => self.view_state.borrow_mut().open = None,
        }
    }

    /// Handles a key pressed in the dialog.
    pub(super) fn handle_dialog_key(&self, key: &str) {
        match key {
            "ArrowLeft" | "[" => self.step_image_version(EXPANDED, -1),
            "ArrowRight" | "]" => self.step_image_version(EXPANDED, 1),
            "+" => self.zoom_image(1.5),
            "-" => self.zoom_image(1.0 / 1.5),
            "f" => self.close_expanded(),
            _ => {}
        }
    }
}
