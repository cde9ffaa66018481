//! Panels that open below a button.

use leptos::children::ViewFnOnce;
use leptos::ev;
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// A button that opens a small panel below it, such as a form or a menu.
///
/// Uses `<details>`, so it works before the WASM is loaded and without it. With JavaScript, Esc, a click outside and a
/// click on a link close it too.
#[component]
pub fn Disclosure(
    /// The button's content.
    #[prop(into)]
    button: ViewFnOnce,
    /// The button's accessible name; required if it shows only an icon.
    #[prop(optional, into)]
    label: Option<String>,
    /// The button's CSS classes; see `ButtonKind::class`.
    #[prop(default = "button")]
    class: &'static str,
    /// Whether it starts open, as for a form that was rejected.
    #[prop(optional)]
    open: bool,
    /// The panel's content.
    children: Children,
) -> impl IntoView {
    let details = NodeRef::<html::Details>::new();
    Effect::new(move || {
        let clicks = window_event_listener(ev::click, move |event| {
            let Some(details) = details.get_untracked() else { return };
            let Some(target) = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok()) else {
                return;
            };
            let clicked_link = target.closest("a").is_ok_and(|link| link.is_some());
            if details.open() && (clicked_link || !details.contains(Some(&target))) {
                details.set_open(false);
            }
        });
        on_cleanup(move || clicks.remove());
    });
    let close_on_escape = move |event: ev::KeyboardEvent| {
        if let Some(details) = details.get_untracked()
            && event.key() == "Escape"
            && details.open()
        {
            details.set_open(false);
            let summary = details.query_selector("summary").ok().flatten();
            if let Some(summary) = summary.and_then(|summary| summary.dyn_into::<web_sys::HtmlElement>().ok()) {
                _ = summary.focus();
            }
        }
    };
    view! {
        <details class="disclosure" open=open node_ref=details on:keydown=close_on_escape>
            <summary class=class aria-label=label.clone() title=label>
                {button.run()}
            </summary>
            <div class="disclosure-panel">{children()}</div>
        </details>
    }
    .into_any()
}
