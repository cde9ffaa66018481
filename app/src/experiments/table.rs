//! A project's experiments as a table.

use domain::{experiments::Experiment, ids::ExperimentId};
use leptos::prelude::*;

use crate::ui::{RelativeTime, StatusBadge};

/// The experiments, in the order given; what changes in a row changes in place.
#[component]
pub(crate) fn ExperimentsTable(
    /// The experiments.
    experiments: Signal<Vec<Experiment>>,
) -> impl IntoView {
    let ids = move || experiments.with(|all| all.iter().map(|experiment| experiment.id).collect::<Vec<_>>());
    view! {
        <div class="table-frame">
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">"Experiment"</th>
                        <th scope="col">"Status"</th>
                        <th scope="col">"Creator"</th>
                        <th scope="col">"Created"</th>
                        <th scope="col">"Last change"</th>
                    </tr>
                </thead>
                <tbody>
                    <For each=ids key=|id| *id let:id>
                        <Row experiments id/>
                    </For>
                </tbody>
            </table>
        </div>
    }
}

#[component]
fn Row(experiments: Signal<Vec<Experiment>>, id: ExperimentId) -> impl IntoView {
    let row = Memo::new(move |last: Option<&Option<Experiment>>| {
        let found = experiments.with(|all| all.iter().find(|experiment| experiment.id == id).cloned());
        found.or_else(|| last.cloned().flatten())
    });
    let text = move |read: fn(&Experiment) -> String| {
        Memo::new(move |_| row.with(|row| row.as_ref().map(read).unwrap_or_default()))
    };
    let time = move |read: fn(&Experiment) -> domain::Instant| {
        let at = Memo::new(move |_| row.with(|row| row.as_ref().map(read)));
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
                <StatusBadge status=text(|row| row.status.to_string())/>
            </td>
            <td data-label="by">{creator}</td>
            <td data-label="created">{time(|row| row.created_at)}</td>
            <td data-label="changed">{time(|row| row.updated_at)}</td>
        </tr>
    }
}
