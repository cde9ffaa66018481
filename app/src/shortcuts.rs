//! Keyboard shortcuts.

use leptos::{ev, prelude::*};
use wasm_bindgen::JsCast;

/// Calls `pressed` with each key that is pressed outside inputs and dialogs, without Ctrl, Alt or Meta.
///
/// # Server-side rendering
/// Does nothing.
pub(crate) fn use_shortcuts(pressed: impl Fn(&str) + 'static) {
    Effect::new({
        let pressed = std::rc::Rc::new(pressed);
        move || {
            let pressed = pressed.clone();
            let listener = window_event_listener(ev::keydown, move |event| {
                let modified = event.ctrl_key() || event.alt_key() || event.meta_key();
                if !modified && !event.default_prevented() && !is_typing(&event) {
                    pressed(&event.key());
                }
            });
            on_cleanup(move || listener.remove());
        }
    });
}

/// Returns whether the key is pressed in an input, an editable element or a dialog.
fn is_typing(event: &ev::KeyboardEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    target.is_some_and(|element| {
        element.closest("input, textarea, select, dialog, [contenteditable]").is_ok_and(|found| found.is_some())
    })
}
