//! The Settings tab of an experiment: name, description, status, deletion.

use domain::people::Right;
use leptos::{prelude::*, server_fn::ServerFn};

use super::{
    danger_zone::DangerZone,
    requests::{EditExperiment, ExperimentView},
    status_form::StatusSection,
    use_experiment,
};
use crate::{
    error::as_sentence,
    form::{ServerFnForm, Submission},
    ui::{Button, ButtonKind, Field, Markdown, Notice, NoticeKind, TextArea, ToastKind, use_toasts},
};

/// The tab. Users who may not change the settings see the values and who may change them.
#[component]
pub(crate) fn SettingsTab() -> impl IntoView {
    let view = use_experiment();
    let may_edit = Memo::new(move |_| view.with(|view| view.page.may_edit));
    view! {
        <div class="sections">
            <section class="section">
                <div class="section-head">
                    <h2>"General"</h2>
                    <p>"The name must be unique in the project. The description is shown above the logs."</p>
                </div>
                {move || {
                    if may_edit.get() { view! { <SettingsForm view/> }.into_any() } else { view! { <ReadOnlySettings view/> }.into_any() }
                }}
            </section>
            <StatusSection view/>
            <DangerZone view/>
        </div>
    }
}

/// The form. Keeps unsaved input when the experiment changes, and warns about an edit conflict.
#[component]
fn SettingsForm(view: Signal<ExperimentView>) -> impl IntoView {
    let edit = Submission::new(EditExperiment::PATH);
    let experiment = view.with_untracked(|view| view.page.experiment.clone());
    let seen = RwSignal::new(experiment.version);
    let toasts = use_toasts();
    Effect::new(move || {
        if let Some(version) = edit.result().get().and_then(|json| json.parse().ok()) {
            seen.set(version);
            toasts.show(ToastKind::Success, "Saved.");
        }
    });
    // A failed save shows the same message as its error.
    let conflict = Memo::new(move |_| {
        let changed = view.with(|view| view.page.experiment.version) > seen.get();
        changed && !edit.pending().get() && !edit.has_error().get()
    });
    let warning = || {
        view! {
            <Notice kind=NoticeKind::Warn>
                "Someone else changed these settings. Reload the page, then make your changes again."
            </Notice>
        }
    };
    view! {
        <ServerFnForm submission=edit>
            {move || conflict.get().then(warning)}
            <input type="hidden" name="id" value=experiment.id.to_string()/>
            <input type="hidden" name="version" value=move || seen.get().to_string()/>
            <Field
                label="Name"
                name="name"
                value=experiment.name.to_string()
                hint="Up to 60 characters."
                maxlength=60
                required=true
                autocomplete="off"
            />
            <TextArea
                label="Description"
                name="description"
                value=experiment.description.to_string()
                hint="Markdown is supported. The first 1,000 characters are shown above the logs."
                rows=10
            />
            <div class="form-actions">
                <Button kind=ButtonKind::Primary submit=true busy=edit.pending()>
                    "Save"
                </Button>
            </div>
        </ServerFnForm>
    }
}

#[component]
fn ReadOnlySettings(view: Signal<ExperimentView>) -> impl IntoView {
    let full_description = |view: &ExperimentView| view.description.clone().unwrap_or_else(|| view.summary.clone());
    let description = Memo::new(move |_| view.with(full_description));
    view! {
        <Notice>{as_sentence(Right::EditExperiment.denial())}</Notice>
        <dl class="facts">
            <div>
                <dt>"Name"</dt>
                <dd>{move || view.with(|view| view.page.experiment.name.to_string())}</dd>
            </div>
            <div>
                <dt>"Description"</dt>
                <dd>
                    {move || {
                        if description.with(String::is_empty) {
                            "–".into_any()
                        } else {
                            view! { <Markdown html=description/> }.into_any()
                        }
                    }}
                </dd>
            </div>
        </dl>
    }
}
