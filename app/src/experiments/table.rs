//! The table of a project's experiments.

use domain::{experiments::Experiment, ids::ExperimentId};
use leptos::prelude::*;

use super::run_times::{PageTime, RunDuration, RunState, SilenceNote};
use crate::ui::{RelativeTime, StatusBadge};

/// A table of experiments in the given order. Rows update in place.
#[component]
pub(crate) fn ExperimentsTable(
    /// The experiments.
    experiments: Signal<Vec<Experiment>>,
    /// The time on the page.
    time: PageTime,
) -> impl IntoView {
    let ids = move || experiments.with(|all| all.iter().map(|experiment| experiment.id).collect::<Vec<_>>());
    view! {
        <div class="table-frame">
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">"Experiment"</th>
                        <th scope="col">"Status"</th>
                        <th scope="col">"Duration"</th>
                        <th scope="col">"Created by"</th>
                        <th scope="col">"Created"</th>
                        <th scope="col">"Last change"</th>
                    </tr>
                </thead>
                <tbody>
                    <For each=ids key=|id| *id let:id>
                        <ExperimentRow experiments id time/>
                    </For>
                </tbody>
            </table>
        </div>
    }
}

#[component]
fn ExperimentRow(experiments: Signal<Vec<Experiment>>, id: ExperimentId, time: PageTime) -> impl IntoView {
    let row = Memo::new(move |last: Option<&Option<Experiment>>| {
        let found = experiments.with(|all| all.iter().find(|experiment| experiment.id == id).cloned());
        found.or_else(|| last.cloned().flatten())
    });
    let text = move |field: fn(&Experiment) -> String| {
        Memo::new(move |_| row.with(|row| row.as_ref().map(field).unwrap_or_default()))
    };
    let run = Memo::new(move |_| row.with(|row| row.as_ref().map(RunState::from)));
    let time_cell = move |field: fn(&Experiment) -> domain::Instant| {
        let at = Memo::new(move |_| row.with(|row| row.as_ref().map(field)));
        move || at.get().map(|at| view! { <RelativeTime at=at.0 absolute=at.readable()/> })
    };
    let creator = text(|row| row.creator.as_ref().map_or_else(|| "—".to_owned(), ToString::to_string));
    view! {
        <tr class="row">
            <td>
                <a class="row-link" href=format!("/experiment/{id}/logs")>
                    {text(|row| row.name.to_string())}
                </a>
            </td>
            <td>
                <div class="status-cell">
                    <StatusBadge status=text(|row| row.status.to_string())/>
                    <SilenceNote run=run.into() time/>
                </div>
            </td>
            <td data-label="duration">
                <RunDuration run=run.into() time placeholder="—"/>
            </td>
            <td data-label="by">{creator}</td>
            <td data-label="created">{time_cell(|row| row.created_at)}</td>
            <td data-label="changed">{time_cell(|row| row.updated_at)}</td>
        </tr>
    }
}
