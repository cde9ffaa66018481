//! What pages ask about experiments.

#[cfg(feature = "ssr")]
use domain::{Description, Name, artifacts::DeletionImpact, format};
use domain::{
    experiments::ExperimentPage,
    ids::{ExperimentId, ProjectId},
    live::Position,
};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use serde::{Deserialize, Serialize};

use crate::AppError;
#[cfg(feature = "ssr")]
use crate::{markdown, server_context};

/// The header shows this many characters of a description; the rest is folded away.
#[cfg(feature = "ssr")]
const IN_THE_HEADER: usize = 1_000;

/// An experiment, as its page shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExperimentView {
    /// The experiment and what the reader may do.
    pub page: ExperimentPage,
    /// The beginning of its description, as HTML that does no harm; empty without one.
    pub summary: String,
    /// All of its description, when the summary is not all of it.
    pub description: Option<String>,
    /// When it was read.
    pub position: Position,
}

/// Reads an experiment.
#[server(name = LoadExperiment, prefix = "/fn", endpoint = "experiment", input = GetUrl)]
pub async fn load_experiment(id: ExperimentId) -> Result<ExperimentView, AppError> {
    let (tracker, who) = server_context::authenticated()?;
    let position = tracker.position();
    let page = tracker.experiment(&who, id).await?;
    let text = page.experiment.description.as_str();
    let cut = text.char_indices().nth(IN_THE_HEADER).map(|(end, _)| format!("{}…", &text[..end]));
    let summary = markdown::render(cut.as_deref().unwrap_or(text));
    let description = cut.is_some().then(|| markdown::render(text));
    Ok(ExperimentView { page, summary, description, position })
}

/// Says which files go with an experiment when it is deleted.
#[server(name = GetExperimentDeletionImpact, prefix = "/fn", endpoint = "experiment/weight", input = GetUrl)]
pub async fn experiment_deletion_impact(id: ExperimentId) -> Result<String, AppError> {
    let (tracker, who) = server_context::authenticated()?;
    Ok(says(&tracker.experiment_deletion_impact(&who, id).await?))
}

/// `12 files go with it, 3.1 MiB in all; that becomes free in storage.`
#[cfg(feature = "ssr")]
fn says(weight: &DeletionImpact) -> String {
    let files = match weight.files {
        0 => return "It has no files.".to_owned(),
        1 => "1 file goes".to_owned(),
        files => format!("{} go", format::count(files, "file")),
    };
    let goes = format!("{files} with it, {} in all", format::bytes(weight.bytes));
    match weight.frees {
        frees if frees == weight.bytes => format!("{goes}; that becomes free in storage."),
        0 => format!("{goes}; nothing becomes free in storage, because something else has the same content."),
        frees => {
            format!("{goes}; {} of storage become free, because equal content is kept once.", format::bytes(frees))
        }
    }
}

/// Makes an experiment and leads to it.
#[server(name = CreateExperiment, prefix = "/fn", endpoint = "experiments/create")]
pub async fn create_experiment(project: ProjectId, name: String, description: String) -> Result<(), AppError> {
    let (tracker, who) = server_context::authenticated()?;
    let new = tracker::NewExperiment { name: Name::parse(&name)?, description: Description::parse(&description)? };
    let id = tracker.create_experiment(&who, project, &new).await?;
    leptos_axum::redirect(&format!("/experiment/{id}/logs"));
    Ok(())
}

/// Changes an experiment's name and description, unless somebody else has since `version`. Gives the new version.
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

/// Deletes an experiment, once its name was typed, and leads back to its project.
#[server(name = DeleteExperiment, prefix = "/fn", endpoint = "experiment/delete")]
pub async fn delete_experiment(id: ExperimentId, confirm: String) -> Result<(), AppError> {
    let (tracker, who) = server_context::authenticated()?;
    let experiment = tracker.experiment(&who, id).await?.experiment;
    if confirm.trim() != experiment.name.as_str() {
        return Err(AppError::Invalid("what was typed is not the experiment's name; nothing was deleted".to_owned()));
    }
    tracker.delete_experiment(&who, id).await?;
    leptos_axum::redirect(&format!("/project/{}", experiment.project));
    Ok(())
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use domain::artifacts::DeletionImpact;

    use super::says;

    #[test]
    fn what_goes_with_an_experiment() {
        let check = |files, bytes, frees, expected: &str| {
            assert_eq!(says(&DeletionImpact { artifacts: 1, files, bytes, frees }), expected);
        };
        check(0, 0, 0, "It has no files.");
        check(1, 1024, 1024, "1 file goes with it, 1.0 KiB in all; that becomes free in storage.");
        check(
            2,
            2048,
            0,
            "2 files go with it, 2.0 KiB in all; nothing becomes free in storage, because something else has the same content.",
        );
        check(
            3,
            3072,
            1024,
            "3 files go with it, 3.0 KiB in all; 1.0 KiB of storage become free, because equal content is kept once.",
        );
    }
}
