//! Code blocks and copy buttons.

use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::{Glyph, Icon};

/// A button that copies text and confirms it for two seconds.
///
/// # Server-side rendering
/// Renders the button hidden, because it needs JavaScript.
#[component]
pub fn CopyButton(
    /// The text to copy.
    #[prop(into)]
    text: Signal<String>,
    /// The button's accessible name: "Copy command".
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

/// A scrollable code snippet with a copy button.
#[component]
pub fn CodeBlock(
    /// The code, as it should be pasted.
    #[prop(into)]
    code: Signal<String>,
    /// The language or kind, shown above the code: "Python", "Shell". Also names the region.
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

/// Copies text to the clipboard. Returns `None` if the browser refuses.
///
/// Uses a selection and `execCommand`, because `navigator.clipboard` does not exist on plain HTTP, which many installations
/// use.
pub(crate) fn copy_to_clipboard(text: &str) -> Option<()> {
    let document = document();
    let textarea = document.create_element("textarea").ok()?.dyn_into::<web_sys::HtmlTextAreaElement>().ok()?;
    textarea.set_class_name("visually-hidden");
    textarea.set_value(text);
    // Inserted next to the focused element, because everything outside an open modal dialog is inert.
    let focused = document.active_element();
    let parent = focused.as_ref().and_then(|element| element.parent_element());
    parent.or_else(|| document.body().map(Into::into))?.append_child(&textarea).ok()?;
    textarea.select();
    let copied = document.dyn_into::<web_sys::HtmlDocument>().ok()?.exec_command("copy").unwrap_or(false);
    textarea.remove();
    if let Some(focused) = focused.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok()) {
        _ = focused.focus();
    }
    copied.then_some(())
}
