//! The help dialog for keyboard shortcuts.

use leptos::ev::{self, KeyboardEvent};
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::Dialog;

/// A dialog that lists the keyboard shortcuts. Opened with `?`.
///
/// # Server-side rendering
/// Renders a closed dialog.
#[component]
pub fn ShortcutHelp(
    /// The keys, separated by spaces, and what they do.
    shortcuts: Vec<(&'static str, &'static str)>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    Effect::new(move || {
        let listener = window_event_listener(ev::keydown, move |event| {
            if event.key() == "?" && !is_text_input(&event) {
                open.set(true);
            }
        });
        on_cleanup(move || listener.remove());
    });
    let rows = shortcuts
        .into_iter()
        .map(|(keys, action)| {
            let keys = keys.split(' ').map(|key| view! { <kbd>{key}</kbd> }).collect_view();
            view! {
                <div>
                    <dt>{keys}</dt>
                    <dd>{action}</dd>
                </div>
            }
        })
        .collect_view();
    view! {
        <Dialog title="Keyboard shortcuts" id="keys" open>
            <dl class="keys">{rows}</dl>
        </Dialog>
    }
    .into_any()
}

/// Returns whether the key is part of text input or of a browser shortcut.
fn is_text_input(event: &KeyboardEvent) -> bool {
    let Some(element) = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok()) else {
        return false;
    };
    event.ctrl_key()
        || event.meta_key()
        || event.alt_key()
        || matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT")
        || element.has_attribute("contenteditable")
}
