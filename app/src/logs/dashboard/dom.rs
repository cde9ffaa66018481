//! Helpers for the DOM.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// Returns the first descendant that matches.
pub(super) fn query_selector(root: &Element, selector: &str) -> Option<HtmlElement> {
    root.query_selector(selector).ok()??.dyn_into().ok()
}

/// Returns all descendants that match, in document order.
pub(super) fn query_selector_all(root: &Element, selector: &str) -> Vec<HtmlElement> {
    let Ok(found) = root.query_selector_all(selector) else { return Vec::new() };
    (0..found.length()).filter_map(|index| found.item(index)?.dyn_into().ok()).collect()
}

/// Returns the element itself or its nearest ancestor that matches.
pub(super) fn closest(element: &Element, selector: &str) -> Option<HtmlElement> {
    element.closest(selector).ok()??.dyn_into().ok()
}

/// Sets the element's text if it differs.
pub(super) fn set_text(element: &Element, text: &str) {
    if element.text_content().as_deref() != Some(text) {
        element.set_text_content(Some(text));
    }
}

/// Flashes the element once. Alternates between two animation names, because an unchanged one does not restart.
pub(super) fn flash(element: &Element) {
    let classes = element.class_list();
    let odd = classes.contains("flash-odd");
    // Fails only for invalid names.
    _ = classes.toggle_with_force("flash-odd", !odd);
    _ = classes.toggle_with_force("flash-even", odd);
}
