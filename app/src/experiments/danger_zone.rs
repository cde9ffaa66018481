//! The section for deleting an experiment.

use domain::people::Right;
use leptos::prelude::*;

use super::requests::{ExperimentView, GetExperimentDeletionImpact};
use crate::{
    error::as_sentence,
    form::{ServerFnForm, Submission},
    query::use_query,
    ui::{ConfirmByName, Notice},
};

/// The last section of the settings: deletes the experiment, or shows who may.
#[component]
pub(super) fn DangerZone(view: Signal<ExperimentView>) -> impl IntoView {
    let may_delete = Memo::new(move |_| view.with(|view| view.page.may_delete));
    view! {
        <section class="section danger-zone">
            <div class="section-head">
                <h2>"Delete this experiment"</h2>
                <p>"This permanently deletes everything in it."</p>
            </div>
            {move || {
                if may_delete.get() {
                    view! { <DeleteForm view/> }.into_any()
                } else {
                    view! { <Notice>{as_sentence(Right::DeleteExperiment.denial())}</Notice> }.into_any()
                }
            }}
        </section>
    }
}

/// The submission that deletes the experiment. The layout owns it, and refetches nothing while it is in progress.
#[derive(Clone, Copy)]
pub(super) struct ExperimentDeletion(pub(super) Submission);

#[component]
fn DeleteForm(view: Signal<ExperimentView>) -> impl IntoView {
    let ExperimentDeletion(delete) = expect_context();
    let name = Memo::new(move |_| view.with(|view| view.page.experiment.name.to_string()));
    // The layout refetches the experiment whenever it or its artifacts change.
    let position = Memo::new(move |_| view.with(|view| view.position));
    let impact = use_query(move || Ok(GetExperimentDeletionImpact { id: view.with(|view| view.page.experiment.id) }));
    impact.refetch_after(position);
    view! {
        <p class="hint">
            <Transition fallback=|| "…">
                {move || Suspend::new(async move { impact.wait().await.unwrap_or_default() })}
            </Transition>
        </p>
        <ServerFnForm submission=delete>
            <input type="hidden" name="id" value=move || view.with(|view| view.page.experiment.id.to_string())/>
            <ConfirmByName name action="Delete this experiment" busy=delete.pending()/>
        </ServerFnForm>
    }
}
