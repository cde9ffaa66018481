//! The tab of an experiment's logs.
//!
//! The server makes text, HTML and figures of the logs (`paper`); `view` puts them on the page, so that it is complete
//! without scripts. In the browser `board` takes over: it draws the charts that are in sight, keeps them true, and answers
//! to whatever is pressed. How somebody looks at the dashboard (`look`) stands in the address.

mod board;
mod card;
mod look;
mod numbers;
mod order;
#[cfg(feature = "ssr")]
mod paper;
mod requests;
mod series;
mod smooth;
mod snippet;
mod toolbar;
mod view;

use leptos::prelude::*;

use crate::{
    experiments::{ExperimentHeader, use_experiment},
    live::LogFeed,
    query::use_query,
    query_view::QueryView,
    ui::SkeletonShape,
};
use requests::LoadDashboard;

pub(crate) use look::lower_case;

/// What the experiment is, and what its training logged.
#[component]
pub(crate) fn LogsTab() -> impl IntoView {
    let view = use_experiment();
    let experiment = Memo::new(move |_| view.with(|view| view.page.experiment.id));
    // What was heard before this tab was there is in what it reads now.
    let feed = expect_context::<LogFeed>();
    feed.clear();
    let dashboard = use_query(move || Ok(LoadDashboard { experiment: experiment.get() }));
    let show = move |read| {
        let page = view::Page::new(experiment.get_untracked(), read, feed, move || dashboard.refetch());
        view::logs(page)
    };
    view! {
        <ExperimentHeader/>
        <QueryView query=dashboard skeleton=SkeletonShape::Cards view=show/>
    }
}
