//! Modal dialogs.

use leptos::html;
use leptos::prelude::*;

use super::{Glyph, IconButton};

/// A modal dialog. Closed by Esc, by its close button or by setting `open` to `false`; the focus then returns to the element
/// that had it before.
///
/// Everything that a dialog offers needs an alternative without JavaScript: a separate page or a `Disclosure`.
///
/// # Server-side rendering
/// Renders a closed `<dialog>`, which browsers do not show.
#[component]
pub fn Dialog(
    /// The heading.
    #[prop(into)]
    title: String,
    /// The element's id.
    id: &'static str,
    /// Whether the dialog is open. Set to `false` when the browser closes the dialog.
    open: RwSignal<bool>,
    /// The content, usually a form that ends with `DialogActions`.
    children: Children,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    Effect::new(move || {
        let (open, Some(dialog)) = (open.get(), dialog.get()) else { return };
        if open && !dialog.open() {
            // Fails only if the element is not in the document, and then there is nothing to show.
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
            // After the body, so that the first field receives the focus when the dialog opens.
            <div class="dialog-close">
                <IconButton glyph=Glyph::Cross label="Close" on:click=move |_| open.set(false)/>
            </div>
        </dialog>
    }
    .into_any()
}

/// The row of buttons at the end of a dialog: "Cancel", then the main action.
#[component]
pub fn DialogActions(
    /// The `open` signal of the dialog.
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
