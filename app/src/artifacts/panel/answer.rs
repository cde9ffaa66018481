//! What follows when a panel's form was answered.

use leptos::prelude::*;

use super::super::page::Page;
use crate::{
    form::Submission,
    ui::{ToastKind, use_toasts},
};

/// Says what the server said, and reads the artifacts again; closes the panel, unless it `stays`.
///
/// # Server-side rendering
/// Does nothing.
pub(super) fn when_answered(page: Page, submission: Submission, stays: bool) {
    let toasts = use_toasts();
    let answer = submission.answer();
    Effect::new(move || {
        let Some(answer) = answer.get() else { return };
        toasts.show(ToastKind::Good, serde_json::from_str::<String>(&answer).unwrap_or_default());
        page.refetch();
        if !stays {
            page.close();
        }
    });
}

/// The last row of a panel's form: the way out, then what the form is for.
pub(super) fn actions(page: Page, button: AnyView) -> AnyView {
    let closed = move || page.address(&page.look.with(super::super::look::Look::closed));
    view! {
        <div class="form-actions form-actions-end">
            <a class="button button-quiet" href=closed data-noscroll="">
                "Cancel"
            </a>
            {button}
        </div>
    }
    .into_any()
}

/// Where a form leads that is sent without scripts: the tab as it is looked at.
pub(super) fn back(page: Page, stays: bool) -> AnyView {
    let look = page.look.get_untracked();
    let back = page.address(&if stays { look } else { look.closed() });
    view! { <input type="hidden" name="back" value=back/> }.into_any()
}
