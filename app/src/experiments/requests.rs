//! Server functions for experiments.

#[cfg(feature = "ssr")]
use domain::{Description, Name, experiments::Status};
use domain::{
    Instant,
    experiments::ExperimentPage,
    ids::{ExperimentId, ProjectId},
    live::Position,
};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use serde::{Deserialize, Serialize};

use crate::AppError;
#[cfg(feature = "ssr")]
use crate::{artifacts::impact_summary, rendering, server_context};

/// Number of characters of a description that the header shows before it is expanded.
#[cfg(feature = "ssr")]
const SUMMARY_CHARACTERS: usize = 1_000;

/// An experiment, as its page shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExperimentView {
    /// The experiment and the reader's rights.
    pub page: ExperimentPage,
    /// The beginning of the description as sanitized HTML; empty without a description.
    pub summary: String,
    /// The full description as sanitized HTML; `None` if the summary contains all of it.
    pub description: Option<String>,
    /// Position in the live stream when the view was loaded.
    pub position: Position,
    /// The server's time when the view was read.
    pub read_at: Instant,
}

/// Returns an experiment.
#[server(name = LoadExperiment, prefix = "/fn", endpoint = "experiment", input = GetUrl)]
pub async fn load_experiment(id: ExperimentId) -> Result<ExperimentView, AppError> {
    let (tracker, who) = server_context::authenticated()?;
    let position = tracker.position();
    let read_at = tracker.now();
    let page = tracker.experiment(&who, id).await?;
    let text = page.experiment.description.as_str();
    let beginning = text.char_indices().nth(SUMMARY_CHARACTERS).map(|(end, _)| format!("{}…", &text[..end]));
    let summary = rendering::render_description(beginning.as_deref().unwrap_or(text)).await;
    let description = match beginning {
        Some(_) => Some(rendering::render_description(text).await),
        None => None,
    };
    Ok(ExperimentView { page, summary, description, position, read_at })
}

/// Returns a message about the files that are deleted with an experiment.
#[server(name = GetExperimentDeletionImpact, prefix = "/fn", endpoint = "experiment/weight", input = GetUrl)]
pub async fn experiment_deletion_impact(id: ExperimentId) -> Result<String, AppError> {
    let (tracker, who) = server_context::authenticated()?;
    let impact = tracker.experiment_deletion_impact(&who, id).await?;
    Ok(if impact.files == 0 { "This experiment has no artifacts.".to_owned() } else { impact_summary(&impact) })
}

/// Creates an experiment and redirects to its logs.
#[server(name = CreateExperiment, prefix = "/fn", endpoint = "experiments/create")]
pub async fn create_experiment(project: ProjectId, name: String, description: String) -> Result<(), AppError> {
    let (tracker, who) = server_context::authenticated()?;
    let new = tracker::NewExperiment { name: Name::parse(&name)?, description: Description::parse(&description)? };
    let id = tracker.create_experiment(&who, project, &new).await?;
    leptos_axum::redirect(&format!("/experiment/{id}/logs"));
    Ok(())
}

/// Changes an experiment's name and description, and returns the new version. Fails if the current version is not `version`.
#[server(name = EditExperiment, prefix = "/fn", endpoint = "experiment/edit")]
pub async fn edit_experiment(
    id: ExperimentId,
    name: String,
    description: String,
    version: i64,
) -> Result<i64, AppError> {
    let (tracker, who) = server_context::authenticated()?;
    let edit = tracker::ExperimentEdit {
        name: Some(Name::parse(&name)?),
        description: Some(Description::parse(&description)?),
        seen_version: Some(version),
    };
    Ok(tracker.edit_experiment(&who, id, &edit).await?)
}

/// Sets an experiment's status.
#[server(name = SetExperimentStatus, prefix = "/fn", endpoint = "experiment/status")]
pub async fn set_experiment_status(id: ExperimentId, status: String) -> Result<(), AppError> {
    let (tracker, who) = server_context::authenticated()?;
    Ok(tracker.set_status(&who, id, status.parse::<Status>()?).await?)
}

/// Deletes an experiment and redirects to its project, if `confirm` is the experiment's name.
#[server(name = DeleteExperiment, prefix = "/fn", endpoint = "experiment/delete")]
pub async fn delete_experiment(id: ExperimentId, confirm: String) -> Result<(), AppError> {
    let (tracker, who) = server_context::authenticated()?;
    let experiment = tracker.experiment(&who, id).await?.experiment;
    if confirm.trim() != experiment.name.as_str() {
        return Err(AppError::Invalid("the name you typed doesn't match; nothing was deleted".to_owned()));
    }
    tracker.delete_experiment(&who, id).await?;
    leptos_axum::redirect(&format!("/project/{}", experiment.project));
    Ok(())
}
