//! Parts that the forms of all panels share.

use leptos::prelude::*;

use super::super::context::ArtifactsContext;
use crate::{
    form::Submission,
    ui::{ToastKind, use_toasts},
};

/// After a successful submission, shows the server's message as a toast, refetches the artifacts and, unless `keep_open` is
/// set, closes the panel.
///
/// # Server-side rendering
/// Does nothing.
pub(super) fn on_success(context: ArtifactsContext, submission: Submission, keep_open: bool) {
    let toasts = use_toasts();
    let answer = submission.result();
    Effect::new(move || {
        let Some(message) = answer.get() else { return };
        toasts.show(ToastKind::Success, serde_json::from_str::<String>(&message).unwrap_or_default());
        context.refetch();
        if !keep_open {
            context.close_panel();
        }
    });
}

/// The last row of a panel's form: "Cancel" and the submit button.
pub(super) fn form_actions(context: ArtifactsContext, submit_button: AnyView) -> AnyView {
    view! {
        <div class="form-actions form-actions-end">
            <a class="button button-quiet" href=move || context.closed_url() data-noscroll="">
                "Cancel"
            </a>
            {submit_button}
        </div>
    }
    .into_any()
}

/// A hidden field with the URL that a submission without JavaScript redirects to: the tab in its current state, with the
/// panel if `keep_open` is set.
pub(super) fn return_url_field(context: ArtifactsContext, keep_open: bool) -> AnyView {
    let state = context.state.get_untracked();
    let url = context.url(&if keep_open { state } else { state.without_panel() });
    view! { <input type="hidden" name="back" value=url/> }.into_any()
}
