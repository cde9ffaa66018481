//! The Logs tab of an experiment.
//!
//! The server renders text, HTML and figures of the logs (`render`), and `view` puts them on the page, so that it is complete
//! without JavaScript. In the browser `dashboard` handles events, draws the visible charts and applies live updates. The view
//! state (`url_state`) is part of the page's address.

mod card;
mod context;
mod dashboard;
mod line_series;
mod number_format;
#[cfg(feature = "ssr")]
mod render;
mod requests;
mod sections;
mod smoothing;
mod snippet;
mod toolbar;
mod url_state;
mod view;

#[cfg(all(feature = "ssr", any(test, feature = "fuzzing")))]
pub use render::check_log_card;

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::{
    experiments::{ExperimentHeader, use_experiment},
    live::LogFeed,
    query::use_query,
    query_view::QueryView,
    ui::SkeletonShape,
};
use context::LogsContext;
use requests::LoadDashboard;
use url_state::LogsViewState;

/// The Logs tab: the experiment's header and the dashboard.
#[component]
pub(crate) fn LogsTab() -> impl IntoView {
    let view = use_experiment();
    let experiment = Memo::new(move |_| view.with(|view| view.page.experiment.id));
    // The dashboard that is read now includes all earlier events.
    let feed = expect_context::<LogFeed>();
    feed.clear();
    let state = use_query_map().with_untracked(|query| LogsViewState::parse(|key| query.get(key)));
    let dashboard = use_query(move || {
        Ok(LoadDashboard { experiment: experiment.get(), page: state.page, filter: state.filter.clone() })
    });
    let show = move |data| {
        let context = LogsContext::new(experiment.get_untracked(), data, feed, move || dashboard.refetch());
        view::logs_view(context)
    };
    view! {
        <ExperimentHeader/>
        <QueryView query=dashboard skeleton=SkeletonShape::Cards view=show/>
    }
}
