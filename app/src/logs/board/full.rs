//! One card at full size, over the page.

use domain::logs::Kind;
use wasm_bindgen::JsCast;
use web_sys::HtmlDialogElement;

use super::{
    super::card::LogCard,
    Board, FULL, Plot,
    dom::{find, write},
};

/// The tools above a card at full size, by what they do and are called.
fn tools(plot: &Plot) -> String {
    let mut html = String::new();
    let mut button = |what: &str, words: &str| {
        html.push_str(&format!(r#"<button type="button" class="button" data-do="{what}">{words}</button>"#));
    };
    match plot.kind {
        Kind::Line => {}
        Kind::Heatmap => {
            for (what, words) in
                [("numbers", "Values"), ("rows", "Normalize by row"), ("columns", "Normalize by column")]
            {
                button(what, words);
            }
        }
        Kind::Image => {
            button("out", "Zoom out");
            button("in", "Zoom in");
        }
        Kind::Table | Kind::Labelmap | Kind::Evaluation => button("copy", "Copy"),
        Kind::Value | Kind::Bar => {}
    }
    match plot.kind {
        Kind::Line | Kind::Value | Kind::Image => {}
        _ => button("csv", "Download CSV"),
    }
    if plot.place.is_some() {
        button("png", "Download PNG");
        button("svg", "Download SVG");
    }
    button("link", "Copy link");
    if matches!(plot.kind, Kind::Table | Kind::Labelmap | Kind::Evaluation) {
        html.insert_str(
            0,
            r#"<input class="input" type="search" name="find" placeholder="Find rows" aria-label="Find rows" autocomplete="off">"#,
        );
    }
    html
}

impl Board {
    fn dialog(&self) -> Option<HtmlDialogElement> {
        find(&self.root, "dialog")?.dyn_into().ok()
    }

    /// Whether this card is the one at full size.
    pub(super) fn is_full(&self, key: &str) -> bool {
        self.dialog().is_some_and(|dialog| dialog.open() && dialog.get_attribute("data-card").as_deref() == Some(key))
    }

    /// Shows a card at full size.
    pub(super) fn open(&self, key: &str) {
        let Some(dialog) = self.dialog().filter(|dialog| !dialog.open()) else { return };
        let sections = self.sections();
        let placed = sections.iter().flat_map(|section| &section.cards).find(|placed| placed.key == key);
        let (Some(placed), Some(body)) = (placed, find(&dialog, "[data-body]")) else { return };
        let Some((article, pictures, picture, share)) =
            self.plot(key, |plot| (plot.article.clone(), plot.pictures.clone(), plot.picture, plot.share.clone()))
        else {
            return;
        };
        match placed.kind {
            Kind::Line | Kind::Bar | Kind::Heatmap => body.set_inner_html(r#"<div class="plot" data-plot></div>"#),
            Kind::Value => {
                body.set_inner_html(r#"<p class="full-value" data-value></p>"#);
                let value = find(&article, "[data-value]").and_then(|value| value.text_content()).unwrap_or_default();
                _ = find(&body, "[data-value]").map(|element| write(&element, &value));
            }
            Kind::Image => body.set_inner_html(""),
            Kind::Table | Kind::Labelmap | Kind::Evaluation => {
                body.set_inner_html(&find(&article, "[data-body]").map(|shown| shown.inner_html()).unwrap_or_default());
            }
        }
        let mut plot = Plot::new(placed, dialog.clone().into());
        (plot.in_sight, plot.pictures, plot.picture) = (true, pictures, picture);
        // What the card shows as shares is shown as shares here.
        plot.document.old |= !share.is_empty();
        plot.share = share;
        let note = find(&article, "[data-note]").and_then(|note| note.text_content()).unwrap_or_default();
        plot.say(&note);
        _ = find(&dialog, "#full-title").map(|title| write(&title, &placed.name));
        if let Some(place) = find(&dialog, ".full-tools") {
            place.set_inner_html(&tools(&plot));
        }
        // Refused only for names that are none.
        _ = dialog.set_attribute("data-card", key);
        self.plots.borrow_mut().push((FULL.to_owned(), plot));
        if dialog.show_modal().is_ok() {
            self.look.borrow_mut().open = Some(placed.name.clone());
            self.write_address();
            self.show_picture(FULL);
            self.wake(0);
        }
    }

    pub(super) fn close(&self) {
        if let Some(dialog) = self.dialog() {
            dialog.close();
        }
    }

    /// The dialog is closed, however that came about.
    pub(super) fn closed(&self) {
        if let Some(mut full) = self.take(FULL) {
            full.erase();
        }
        if let Some(dialog) = self.dialog() {
            _ = find(&dialog, "[data-body]").map(|body| body.set_inner_html(""));
            _ = dialog.remove_attribute("data-card");
            _ = dialog.class_list().remove_1("drawn");
        }
        self.look.borrow_mut().open = None;
        self.write_address();
    }

    /// Opens the card that the address names, once.
    pub(super) fn open_from_address(&self) {
        let name = self.look.borrow().open.clone();
        let Some(name) = name.filter(|_| self.plot(FULL, |_| ()).is_none()) else { return };
        let key = self.plots.borrow().iter().find(|(_, plot)| plot.name == name).map(|(key, _)| key.clone());
        match key {
            Some(key) => self.open(&key),
            // It is gone; the address shall not promise it for ever.
            None => self.look.borrow_mut().open = None,
        }
    }

    /// Shows at full size what the log holds now.
    pub(super) fn show_full(&self, key: &str, card: &LogCard) {
        if key == FULL || !self.is_full(key) {
            return;
        }
        self.plot(FULL, |plot| plot.take(card));
        let Some(dialog) = self.dialog() else { return };
        if let (Some(body), Some(html)) = (find(&dialog, "[data-body]"), &card.html)
            && matches!(card.kind, Kind::Table | Kind::Labelmap | Kind::Evaluation)
        {
            body.set_inner_html(html);
            super::table::sort_again(&body);
        }
        if let Some(value) = find(&dialog, "[data-value]") {
            super::cards::show_value(&value, &card.value);
        }
    }

    /// A key that was pressed over a card at full size.
    pub(super) fn press_in_dialog(&self, key: &str) {
        match key {
            "ArrowLeft" | "[" => self.turn_picture(FULL, -1),
            "ArrowRight" | "]" => self.turn_picture(FULL, 1),
            "+" => self.enlarge(1.5),
            "-" => self.enlarge(1.0 / 1.5),
            "f" => self.close(),
            _ => {}
        }
    }
}
