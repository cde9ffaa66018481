//! The form that creates an experiment.

use domain::ids::ProjectId;
use leptos::{prelude::*, server_fn::ServerFn};

use super::requests::CreateExperiment;
use crate::{
    form::{ServerFnForm, Submission},
    ui::{Button, ButtonKind, Disclosure, Field, Glyph, Icon, TextArea},
};

/// A button that opens the form. Success redirects to the new experiment.
#[component]
pub(crate) fn CreateExperimentForm(
    /// The project of the new experiment.
    project: Signal<ProjectId>,
) -> impl IntoView {
    let create = Submission::new(CreateExperiment::PATH);
    let button = || {
        view! {
            <Icon glyph=Glyph::Plus/>
            "New experiment"
        }
    };
    view! {
        <Disclosure button class=ButtonKind::Primary.class() open=create.has_error_untracked()>
            <ServerFnForm submission=create>
                <input type="hidden" name="project" value=move || project.get().to_string()/>
                <Field label="Name" name="name" hint="Up to 60 characters." maxlength=60 required=true autocomplete="off"/>
                <TextArea label="Description" name="description" hint="Optional. Markdown is supported." rows=3/>
                <div class="form-actions">
                    <Button kind=ButtonKind::Primary submit=true busy=create.pending()>
                        "Create experiment"
                    </Button>
                </div>
            </ServerFnForm>
        </Disclosure>
    }
}
