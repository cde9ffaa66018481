//! The panel that renames an artifact.

use domain::{artifacts::ArtifactName, people::Right};
use leptos::{prelude::*, server_fn::ServerFn};

use super::{
    super::{artifact_row::ArtifactRow, context::ArtifactsContext, requests::RenameArtifact},
    form_parts::{form_actions, on_success, return_url_field},
};
use crate::{
    error::as_sentence,
    form::{ServerFnForm, Submission},
    ui::{Button, ButtonKind, Field, Notice},
};

/// The form that renames an artifact, or a notice for users who may not.
pub(super) fn rename_panel(context: ArtifactsContext, row: ArtifactRow) -> AnyView {
    if !context.view.with_untracked(|view| view.may_write) {
        return view! { <Notice>{as_sentence(Right::WriteContent.denial())}</Notice> }.into_any();
    }
    let submission = Submission::new(RenameArtifact::PATH);
    on_success(context, submission, false);
    let max_length = u32::try_from(ArtifactName::LIMIT).unwrap_or(u32::MAX);
    let button = view! {
        <Button kind=ButtonKind::Primary submit=true busy=submission.pending()>
            "Rename"
        </Button>
    };
    view! {
        <ServerFnForm submission>
            <input type="hidden" name="artifact" value=row.id.to_string()/>
            {return_url_field(context, false)}
            <Field
                label="Name"
                name="name"
                value=row.name.to_string()
                hint="Scripts find the artifact by this name. Its file name stays the same."
                maxlength=max_length
                required=true
                autocomplete="off"
                autofocus=true
            />
            {form_actions(context, button.into_any())}
        </ServerFnForm>
    }
    .into_any()
}
