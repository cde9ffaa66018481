use leptos::ev::{self, KeyboardEvent};
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::Dialog;

/// The list of keys, opened by `?`.
///
/// # Server-side rendering
/// Yields a closed dialog.
#[component]
pub fn ShortcutHelp(
    /// The keys, separated by blanks, and what they do.
    keys: Vec<(&'static str, &'static str)>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    Effect::new(move || {
        let listener = window_event_listener(ev::keydown, move |event| {
            if event.key() == "?" && !is_typing(&event) {
                open.set(true);
            }
        });
        on_cleanup(move || listener.remove());
    });
    let rows = keys
        .into_iter()
        .map(|(keys, what)| {
            let keys = keys.split(' ').map(|key| view! { <kbd>{key}</kbd> }).collect_view();
            view! {
                <div>
                    <dt>{keys}</dt>
                    <dd>{what}</dd>
                </div>
            }
        })
        .collect_view();
    view! {
        <Dialog title="Keys" id="keys" open>
            <dl class="keys">{rows}</dl>
        </Dialog>
    }
    .into_any()
}

/// Whether a key belongs to a text that is being written.
fn is_typing(event: &KeyboardEvent) -> bool {
    let Some(element) = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok()) else {
        return false;
    };
    event.ctrl_key()
        || event.meta_key()
        || event.alt_key()
        || matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT")
        || element.has_attribute("contenteditable")
}
