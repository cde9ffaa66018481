//! Giving an artifact another name.

use domain::artifacts::ArtifactName;
use leptos::{prelude::*, server_fn::ServerFn};

use super::{
    super::{page::Page, requests::RenameArtifact, row::Row},
    answer::{actions, back, when_answered},
};
use crate::{
    form::{SendForm, Submission},
    ui::{Button, ButtonKind, Field, Notice},
};

/// The form.
pub(super) fn rename(page: Page, row: Row) -> AnyView {
    if !page.view.with_untracked(|view| view.may_write) {
        return view! { <Notice>"Only members of the project and editors rename artifacts."</Notice> }.into_any();
    }
    let submission = Submission::to(RenameArtifact::PATH);
    when_answered(page, submission, false);
    let most = u32::try_from(ArtifactName::LIMIT).unwrap_or(u32::MAX);
    let button = view! {
        <Button kind=ButtonKind::Primary submit=true busy=submission.pending()>
            "Rename"
        </Button>
    };
    view! {
        <SendForm submission>
            <input type="hidden" name="artifact" value=row.id.to_string()/>
            {back(page, false)}
            <Field
                label="Name"
                name="name"
                value=row.name.to_string()
                hint="Scripts find it by this name. The name of its file stays."
                maxlength=most
                required=true
                autocomplete="off"
                autofocus=true
            />
            {actions(page, button.into_any())}
        </SendForm>
    }
    .into_any()
}
