use leptos::children::ViewFnOnce;
use leptos::ev;
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// A button that unfolds a small panel under it: a form that creates something, or a menu.
///
/// It is a `<details>`, so it works before the WASM arrives and without it. In the browser, Esc, a click elsewhere and
/// a followed link also close it.
#[component]
pub fn Disclosure(
    /// What the button shows.
    #[prop(into)]
    button: ViewFnOnce,
    /// The button's name where it shows only a picture.
    #[prop(optional, into)]
    label: Option<String>,
    /// The button's classes, as of `ButtonKind::class`.
    #[prop(default = "button")]
    class: &'static str,
    /// Starts unfolded: a form that came back with an error.
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
            let followed_a_link = target.closest("a").is_ok_and(|link| link.is_some());
            if details.open() && (followed_a_link || !details.contains(Some(&target))) {
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
