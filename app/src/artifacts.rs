//! The tab of an experiment's files.
//!
//! The table is one list, read whole up to a bound, searched and sorted in the page. What is asked of single artifacts
//! (preview, rename, versions, delete) is a `panel`: it stands in the address, is made on the server, and lies over the
//! page as a dialog, or in it without scripts. Search and order stand in the address too (`look`). What is pressed
//! anywhere in the tab is heard at its root (`events`), so that a row costs no listeners.

mod cells;
mod events;
mod look;
mod menu;
mod order;
mod page;
mod panel;
#[cfg(feature = "ssr")]
mod paper;
mod requests;
mod row;
mod selection;
mod snippet;
mod table;
mod toolbar;

use leptos::prelude::*;

use crate::{experiments::use_experiment, query::use_query, query_view::QueryView, ui::SkeletonShape};
use requests::LoadArtifacts;

/// The files that the experiment made or was given.
#[component]
pub(crate) fn ArtifactsTab() -> impl IntoView {
    let view = use_experiment();
    let experiment = Memo::new(move |_| view.with(|view| view.page.experiment.id));
    let artifacts = use_query(move || Ok(LoadArtifacts { experiment: experiment.get() }));
    // The frame reads the experiment again whenever something about it changes, its artifacts included.
    let position = Memo::new(move |_| view.with(|view| view.position));
    artifacts.refetch_after(position);
    let show = move |read| page::page(page::Page::new(experiment, read, move || artifacts.refetch()));
    view! { <QueryView query=artifacts skeleton=SkeletonShape::Rows view=show/> }
}
