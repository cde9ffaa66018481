//! The header of an experiment's logs: description, status, creator, dates and duration.

use leptos::prelude::*;

use super::{
    requests::ExperimentView,
    run_times::{PageTime, RunDuration, RunState},
    use_experiment,
};
use crate::ui::{Markdown, RelativeTime};

/// The header. Fields without a value are not shown.
#[component]
pub(crate) fn ExperimentHeader() -> impl IntoView {
    let view = use_experiment();
    let summary = Memo::new(move |_| view.with(|view| view.summary.clone()));
    let may_edit = Memo::new(move |_| view.with(|view| view.page.may_edit));
    let description = Memo::new(move |_| view.with(|view| view.description.clone()));
    let text = move |field: fn(&ExperimentView) -> String| Memo::new(move |_| view.with(field));
    let creator = text(|view| {
        view.page.experiment.creator.as_ref().map_or_else(|| "Removed user".to_owned(), ToString::to_string)
    });
    let time = move |field: fn(&ExperimentView) -> domain::Instant| {
        let at = Memo::new(move |_| view.with(field));
        move || view! { <RelativeTime at=at.get().0 absolute=at.get().readable()/> }
    };
    let optional_time = move |label: &'static str, field: fn(&ExperimentView) -> Option<domain::Instant>| {
        let at = Memo::new(move |_| view.with(field));
        move || {
            let at = at.get()?;
            Some(view! {
                <div>
                    <dt>{label}</dt>
                    <dd>
                        <RelativeTime at=at.0 absolute=at.readable()/>
                    </dd>
                </div>
            })
        }
    };
    let run = Memo::new(move |_| view.with(|view| Some(RunState::from(&view.page.experiment))));
    let page_time = PageTime::new(Signal::derive(move || view.with(|view| view.read_at)));
    let base =
        Memo::new(move |_| view.with(|ExperimentView { page, .. }| page.experiment.base.zip(page.base_name.clone())));
    let base_view = move || {
        let (id, name) = base.get()?;
        Some(view! {
            <div>
                <dt>"Base experiment"</dt>
                <dd>
                    <a href=format!("/experiment/{id}/logs")>{name.to_string()}</a>
                </dd>
            </div>
        })
    };
    view! {
        <section class="experiment-header" aria-label="About">
            <div>
                <h2>"About"</h2>
                {move || {
                    if summary.with(String::is_empty) {
                        let hint = if may_edit.get() { "No description. Add one in Settings." } else { "No description." };
                        view! { <p class="hint">{hint}</p> }.into_any()
                    } else {
                        view! { <Markdown html=summary/> }.into_any()
                    }
                }}
                {move || {
                    description
                        .get()
                        .map(|html| {
                            view! {
                                <details>
                                    <summary>"Full description"</summary>
                                    <Markdown html/>
                                </details>
                            }
                        })
                }}
            </div>
            <dl class="facts">
                <div>
                    <dt>"Name"</dt>
                    <dd>{text(|view| view.page.experiment.name.to_string())}</dd>
                </div>
                <div>
                    <dt>"Status"</dt>
                    <dd>{text(|view| view.page.experiment.status.to_string())}</dd>
                </div>
                <div>
                    <dt>"Created"</dt>
                    <dd>{time(|view| view.page.experiment.created_at)}</dd>
                </div>
                <div>
                    <dt>"Created by"</dt>
                    <dd>{creator}</dd>
                </div>
                {optional_time("Started", |view| view.page.experiment.times.started_at)}
                {optional_time("Ended", |view| view.page.experiment.times.ended_at)}
                <div>
                    <dt>"Duration"</dt>
                    <dd>
                        <RunDuration run=run.into() time=page_time placeholder="–"/>
                    </dd>
                </div>
                {base_view}
                <div>
                    <dt>"Last change"</dt>
                    <dd>{time(|view| view.page.experiment.updated_at)}</dd>
                </div>
            </dl>
        </section>
    }
}
