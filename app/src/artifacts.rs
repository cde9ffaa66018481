//! The artifacts tab: the files of an experiment.
//!
//! The table is one list, read completely up to a limit, and searched and sorted on the page. Preview, rename, versions and
//! delete open in a `panel`, which is part of the address: the server renders it, and it shows as a dialog, or inline
//! without JavaScript. Search and sort order are part of the address too (`url_state`). Events are handled once at the root
//! of the tab (`events`), so that table rows need no listeners of their own.

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

use leptos::prelude::*;

#[cfg(feature = "ssr")]
pub(crate) use panel::impact_summary;
pub(crate) use url_state::percent_encode;

use crate::{experiments::use_experiment, query::use_query, query_view::QueryView, ui::SkeletonShape};
use context::ArtifactsContext;
use requests::LoadArtifacts;

/// The files that belong to the experiment.
#[component]
pub(crate) fn ArtifactsTab() -> impl IntoView {
    let view = use_experiment();
    let experiment = Memo::new(move |_| view.with(|view| view.page.experiment.id));
    let artifacts = use_query(move || Ok(LoadArtifacts { experiment: experiment.get() }));
    // The experiment frame refetches on every change of the experiment, including its artifacts.
    let position = Memo::new(move |_| view.with(|view| view.position));
    artifacts.refetch_after(position);
    let show = move |view| page::artifacts_page(ArtifactsContext::new(experiment, view, move || artifacts.refetch()));
    view! { <QueryView query=artifacts skeleton=SkeletonShape::Rows view=show/> }
}
