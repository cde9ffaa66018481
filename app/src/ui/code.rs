use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::{Glyph, Icon};

/// Copies a text and says so for two seconds.
///
/// # Server-side rendering
/// Yields the button hidden: without scripts it could do nothing.
#[component]
pub fn CopyButton(
    /// What goes to the clipboard.
    #[prop(into)]
    text: Signal<String>,
    /// What is copied, for the button's name: "Copy the command".
    #[prop(default = "Copy".into(), into)]
    label: String,
) -> impl IntoView {
    let ready = RwSignal::new(false);
    let copied = RwSignal::new(false);
    Effect::new(move || ready.set(true));
    let copy = move |_| {
        if text.with_untracked(|text| copy_to_clipboard(text)).is_some() {
            copied.set(true);
            set_timeout(move || _ = copied.try_set(false), std::time::Duration::from_secs(2));
        }
    };
    let name = label.clone();
    view! {
        <button
            type="button"
            class="button button-quiet button-icon copy"
            hidden=move || !ready.get()
            title=label
            aria-label=move || if copied.get() { "Copied".to_owned() } else { name.clone() }
            on:click=copy
        >
            <span class="copy-idle" hidden=copied>
                <Icon glyph=Glyph::Copy/>
            </span>
            <span class="copy-done" hidden=move || !copied.get()>
                <Icon glyph=Glyph::Check/>
            </span>
        </button>
    }
    .into_any()
}

/// A snippet to take along: monospaced, scrolling by itself, with a button that copies it.
#[component]
pub fn CodeBlock(
    /// The snippet, as it should be pasted.
    #[prop(into)]
    code: Signal<String>,
    /// What it is: "Python", "Shell". Names the region and stands above it.
    #[prop(into)]
    label: String,
) -> impl IntoView {
    view! {
        <div class="code-block">
            <div class="code-head">
                <span>{label.clone()}</span>
                <CopyButton text=code label=format!("Copy {label}")/>
            </div>
            <pre tabindex="0" aria-label=label role="region">
                <code>{code}</code>
            </pre>
        </div>
    }
    .into_any()
}

/// Puts a text into the clipboard; none when the browser would not.
///
/// By a selection and `execCommand`: `navigator.clipboard` does not exist on plain HTTP, where many trackers live.
pub(crate) fn copy_to_clipboard(text: &str) -> Option<()> {
    let document = document();
    let carrier = document.create_element("textarea").ok()?.dyn_into::<web_sys::HtmlTextAreaElement>().ok()?;
    carrier.set_class_name("visually-hidden");
    carrier.set_value(text);
    // Beside the focused element, because everything outside an open modal dialog is inert.
    let focused = document.active_element();
    let beside = focused.as_ref().and_then(|element| element.parent_element());
    beside.or_else(|| document.body().map(Into::into))?.append_child(&carrier).ok()?;
    carrier.select();
    let copied = document.dyn_into::<web_sys::HtmlDocument>().ok()?.exec_command("copy").unwrap_or(false);
    carrier.remove();
    if let Some(focused) = focused.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok()) {
        _ = focused.focus();
    }
    copied.then_some(())
}
