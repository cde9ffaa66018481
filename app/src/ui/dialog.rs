use leptos::html;
use leptos::prelude::*;

use super::{Glyph, IconButton};

/// A modal dialog over the page. Esc, the cross and whatever sets `open` to false close it; the focus then returns to
/// where it was.
///
/// What a dialog offers must have a second way for those without scripts: a page of its own or a `Disclosure`.
///
/// # Server-side rendering
/// Yields a closed `<dialog>`, which browsers do not show.
#[component]
pub fn Dialog(
    /// What it asks or shows; its heading.
    #[prop(into)]
    title: String,
    /// Identifies it in the page.
    id: &'static str,
    /// Whether it is open; follows the dialog when that closes itself.
    open: RwSignal<bool>,
    /// Its body: a form, most often, that ends with `DialogActions`.
    children: Children,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    Effect::new(move || {
        let (open, Some(dialog)) = (open.get(), dialog.get()) else { return };
        if open && !dialog.open() {
            // Refused only while the element is out of the document, and then there is nothing to show.
            _ = dialog.show_modal();
        } else if !open && dialog.open() {
            dialog.close();
        }
    });
    let heading = format!("{id}-title");
    view! {
        <dialog class="dialog" id=id aria-labelledby=heading node_ref=dialog on:close=move |_| open.set(false)>
            <h2 class="dialog-head" id=heading.clone()>
                {title}
            </h2>
            <div class="dialog-body">{children()}</div>
            // After the body, so that the first field has the focus when the dialog opens.
            <div class="dialog-close">
                <IconButton glyph=Glyph::Cross label="Close" on:click=move |_| open.set(false)/>
            </div>
        </dialog>
    }
    .into_any()
}

/// The row of buttons that ends a dialog: the one that closes it, then the one it is for.
#[component]
pub fn DialogActions(
    /// The dialog's `open`.
    open: RwSignal<bool>,
    /// The buttons after "Cancel".
    children: Children,
) -> impl IntoView {
    view! {
        <div class="form-actions form-actions-end">
            <button type="button" class="button button-quiet" on:click=move |_| open.set(false)>
                "Cancel"
            </button>
            {children()}
        </div>
    }
    .into_any()
}
