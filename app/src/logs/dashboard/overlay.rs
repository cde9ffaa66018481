//! Overlays: several lines in one card.

use domain::logs::{Kind, LogName, Overlay};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlInputElement};

use super::{
    Dashboard,
    dom::{query_selector, query_selector_all},
};
use crate::ui::ToastKind;

/// The maximum number of lines in one card.
const MAX_LINES: usize = 50;

/// The panel without the list of lines.
const PANEL: &str = r#"<label class="field"><span>Title</span><input class="input" name="title" maxlength="255" autocomplete="off"></label>
<fieldset class="overlay-list"><legend class="field-hint">Lines to combine in one card</legend></fieldset>
<p class="field-hint" data-alone hidden>Only you see this card, and it disappears when you reload the page.</p>
<button type="button" class="button button-primary" data-do="overlay">Add card</button>"#;

impl Dashboard {
    /// Fills the panel with a checkbox for each line that matches the filter.
    pub(super) fn fill_overlay(&self, panel: &HtmlElement) {
        panel.set_inner_html(PANEL);
        let Some(list) = query_selector(panel, ".overlay-list") else { return };
        if let Some(hint) = query_selector(panel, "[data-alone]") {
            hint.set_hidden(self.root.has_attribute("data-arrange"));
        }
        let view_state = self.view_state();
        for section in self.sections() {
            for placed in section.cards {
                if placed.kind == Kind::Line && placed.card.is_some() && view_state.matches_filter(&placed.name) {
                    _ = append_checkbox(&list, &placed.name);
                }
            }
        }
        _ = query_selector(panel, "[name=title]").map(|input| input.focus());
    }

    pub(super) fn add_overlay(&self) {
        let inputs = query_selector_all(&self.root, "[data-overlay] input:checked");
        let names: Vec<String> = inputs
            .iter()
            .filter_map(|input| input.dyn_ref::<HtmlInputElement>())
            .map(HtmlInputElement::value)
            .collect();
        if names.len() < 2 || names.len() > MAX_LINES {
            self.toasts.show(ToastKind::Warn, format!("Select 2 to {MAX_LINES} lines."));
            return;
        }
        let title = query_selector(&self.root, "[data-overlay] [name=title]");
        let title = title.and_then(|input| Some(input.dyn_ref::<HtmlInputElement>()?.value())).unwrap_or_default();
        let title = if title.trim().is_empty() { format!("{} and {} more", names[0], names.len() - 1) } else { title };
        let title = title.trim().chars().take(255).collect();
        let logs = names.into_iter().filter_map(|name| LogName::try_from(name).ok()).collect();
        self.change_layout(|layout| layout.overlays.push(Overlay { title, logs }));
        if let Some(menu) = query_selector(&self.root, ".logs-tools details.disclosure[open]") {
            _ = menu.remove_attribute("open");
        }
    }

    pub(super) fn remove_overlay(&self, key: &str) {
        // The key contains the overlay's index.
        let index = key.split(' ').nth(1).and_then(|index| index.parse::<usize>().ok());
        self.change_layout(|layout| {
            if let Some(index) = index.filter(|index| *index < layout.overlays.len()) {
                layout.overlays.remove(index);
            }
        });
    }
}

/// Appends a checkbox for a line. Names come from scripts, so they are inserted as text.
fn append_checkbox(list: &HtmlElement, name: &str) -> Option<()> {
    let (label, document) = (document().create_element("label").ok()?, document());
    let input = document.create_element("input").ok()?.dyn_into::<HtmlInputElement>().ok()?;
    input.set_type("checkbox");
    input.set_value(name);
    label.set_class_name("tool");
    label.append_child(&input).ok()?;
    label.append_child(&document.create_text_node(name)).ok()?;
    list.append_child(&label).ok().map(drop)
}
