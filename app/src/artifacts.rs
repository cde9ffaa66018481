//! The artifacts tab: the files of an experiment.
//!
//! Up to a thousand artifacts, the table has all of them, and the browser searches and sorts it. A longer table has pages, which
//! the server searches and sorts. Preview, rename, versions and delete open in a `panel`, which is part of the address: the
//! server renders it, and it shows as a dialog, or inline without JavaScript. Search and sort order are part of the address
//! too (`url_state`). Events are handled once at the root of the tab (`events`), so that table rows need no listeners of their
//! own.

mod artifact_row;
mod checksum;
mod context;
mod empty_state;
mod events;
mod menu;
mod ordering;
mod page;
mod panel;
#[cfg(feature = "ssr")]
mod render;
mod requests;
mod selection;
mod table;
mod table_row;
mod toolbar;
mod url_state;

use domain::ids::ExperimentId;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

#[cfg(feature = "ssr")]
pub(crate) use panel::impact_summary;
#[cfg(all(feature = "ssr", any(test, feature = "fuzzing")))]
pub use render::check_preview;
#[cfg(feature = "ssr")]
pub(crate) use render::preformatted_html;
pub(crate) use url_state::percent_encode;

use crate::{experiments::use_experiment, query::use_query, query_view::QueryView, ui::SkeletonShape};
use artifact_row::ArtifactsView;
use context::ArtifactsContext;
use requests::LoadArtifacts;
use url_state::ArtifactsViewState;

/// The arguments of [`LoadArtifacts`].
#[derive(Clone, PartialEq)]
struct TableRequest {
    experiment: ExperimentId,
    search: String,
    sort: String,
    page: i64,
}

/// The files that belong to the experiment.
#[component]
pub(crate) fn ArtifactsTab() -> impl IntoView {
    let view = use_experiment();
    let experiment = Memo::new(move |_| view.with(|view| view.page.experiment.id));
    let query = use_query_map();
    let state =
        Memo::new(move |_| query.with(|query| ArtifactsViewState::parse(|key| query.get_all(key).unwrap_or_default())));
    let is_paged = RwSignal::new(false);
    // A table that is not paged has all artifacts, so that search and sort order need no request.
    let request = Memo::new(move |last: Option<&TableRequest>| {
        let (experiment, is_paged) = (experiment.get(), is_paged.get());
        match last.filter(|last| last.experiment == experiment && !is_paged) {
            Some(last) => last.clone(),
            None => state.with(|state| TableRequest {
                experiment,
                search: state.filter.clone(),
                sort: state.sort_value(),
                page: state.page,
            }),
        }
    });
    let artifacts = use_query(move || {
        let TableRequest { experiment, search, sort, page } = request.get();
        Ok(LoadArtifacts { experiment, search, sort, page })
    });
    // The experiment frame refetches on every change of the experiment, including its artifacts.
    let position = Memo::new(move |_| view.with(|view| view.position));
    artifacts.refetch_after(position);
    let show = move |view: Signal<ArtifactsView>| {
        Effect::new(move || is_paged.set(view.with(|view| view.page.is_some())));
        page::artifacts_page(ArtifactsContext::new(experiment, view, state, move || artifacts.refetch()))
    };
    view! { <QueryView query=artifacts skeleton=SkeletonShape::Rows view=show/> }
}
