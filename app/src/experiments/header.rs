//! What an experiment is: its description, its status, who made it and when.

use leptos::prelude::*;

use super::{requests::ExperimentView, use_experiment};
use crate::ui::{Markdown, RelativeTime};

/// The header of the logs.
#[component]
pub(crate) fn ExperimentHeader() -> impl IntoView {
    let view = use_experiment();
    let summary = Memo::new(move |_| view.with(|view| view.summary.clone()));
    let may_edit = Memo::new(move |_| view.with(|view| view.page.may_edit));
    let description = Memo::new(move |_| view.with(|view| view.description.clone()));
    let fact = move |read: fn(&ExperimentView) -> String| Memo::new(move |_| view.with(read));
    let creator = fact(|view| {
        view.page.experiment.creator.as_ref().map_or_else(|| "somebody who left".to_owned(), ToString::to_string)
    });
    let time = move |read: fn(&ExperimentView) -> domain::Instant| {
        let at = Memo::new(move |_| view.with(read));
        move || view! { <RelativeTime at=at.get().0 absolute=at.get().readable()/> }
    };
    view! {
        <section class="experiment-header" aria-label="About">
            <div>
                <h2>"About"</h2>
                {move || {
                    if summary.with(String::is_empty) {
                        let hint = if may_edit.get() { "No description. Add one in the settings." } else { "No description." };
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
                                    <summary>"The whole description"</summary>
                                    <Markdown html/>
                                </details>
                            }
                        })
                }}
            </div>
            <dl class="facts">
                <div>
                    <dt>"Name"</dt>
                    <dd>{fact(|view| view.page.experiment.name.to_string())}</dd>
                </div>
                <div>
                    <dt>"Status"</dt>
                    <dd>{fact(|view| view.page.experiment.status.to_string())}</dd>
                </div>
                <div>
                    <dt>"Created"</dt>
                    <dd>{time(|view| view.page.experiment.created_at)}</dd>
                </div>
                <div>
                    <dt>"Creator"</dt>
                    <dd>{creator}</dd>
                </div>
                <div>
                    <dt>"Base model version"</dt>
                    <dd class="muted">"None"</dd>
                </div>
                <div>
                    <dt>"Base experiment"</dt>
                    <dd class="muted">"None"</dd>
                </div>
                <div>
                    <dt>"Datasets"</dt>
                    <dd class="muted">"None"</dd>
                </div>
                <div>
                    <dt>"Last change"</dt>
                    <dd>{time(|view| view.page.experiment.updated_at)}</dd>
                </div>
            </dl>
        </section>
    }
}
