//! The buttons that choose what is uploaded.

use domain::{artifacts::ArtifactName, ids::ExperimentId};
use leptos::prelude::*;

/// Chooses files and folders to upload; nothing for those who may not.
#[component]
pub(crate) fn UploadButtons(
    /// Where they go.
    experiment: ExperimentId,
) -> impl IntoView {
    _ = experiment;
}

/// An item of an artifact's menu: chooses the file that takes the place of what the artifact holds.
#[component]
pub(crate) fn ReplaceItem(
    /// The experiment of the artifact.
    experiment: ExperimentId,
    /// The artifact.
    name: ArtifactName,
) -> impl IntoView {
    _ = (experiment, name);
}
