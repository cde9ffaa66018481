//! Short ways to the page's elements.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// The first element inside that fits.
pub(super) fn find(inside: &Element, selector: &str) -> Option<HtmlElement> {
    inside.query_selector(selector).ok()??.dyn_into().ok()
}

/// All elements inside that fit, in the order of the page.
pub(super) fn find_all(inside: &Element, selector: &str) -> Vec<HtmlElement> {
    let Ok(found) = inside.query_selector_all(selector) else { return Vec::new() };
    (0..found.length()).filter_map(|index| found.item(index)?.dyn_into().ok()).collect()
}

/// The element itself or the nearest one around it that fits.
pub(super) fn around(element: &Element, selector: &str) -> Option<HtmlElement> {
    element.closest(selector).ok()??.dyn_into().ok()
}

/// Writes a text where it is another.
pub(super) fn write(element: &Element, text: &str) {
    if element.text_content().as_deref() != Some(text) {
        element.set_text_content(Some(text));
    }
}

/// Lights an element up once, softly. The animation has two names, because one that stays does not start again.
pub(super) fn flash(element: &Element) {
    let classes = element.class_list();
    let odd = classes.contains("flash-odd");
    // Refused only for names that are none.
    _ = classes.toggle_with_force("flash-odd", !odd);
    _ = classes.toggle_with_force("flash-even", odd);
}
