//! The tab of an experiment's files.

use leptos::prelude::*;

use crate::ui::{EmptyState, Glyph};

/// The files that the experiment made or was given.
#[component]
pub(crate) fn ArtifactsTab() -> impl IntoView {
    view! { <EmptyState glyph=Glyph::File title="No artifacts" text="No file is stored with this experiment."/> }
}
