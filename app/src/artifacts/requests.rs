//! What the tab of artifacts asks, and what it has done to them.

use domain::ids::{ArtifactId, ExperimentId};
use leptos::{prelude::*, server_fn::codec::GetUrl};

use super::{panel::Panel, row::ArtifactsView};
use crate::AppError;
#[cfg(feature = "ssr")]
use {
    super::{look::What, panel},
    crate::server_context,
    domain::{
        artifacts::{ArtifactField, ArtifactName, DeletionImpact},
        format,
        paging::{Order, Page},
    },
};

/// Reads an experiment's artifacts, those first that were stored last; at most a thousand.
#[server(name = LoadArtifacts, prefix = "/fn", endpoint = "artifacts", input = GetUrl)]
pub async fn load_artifacts(experiment: ExperimentId) -> Result<ArtifactsView, AppError> {
    let (tracker, who) = server_context::authenticated()?;
    let newest_first = [Order { by: ArtifactField::UpdatedAt, descending: true }];
    let may_write = tracker.experiment(&who, experiment).await?.may_write;
    let list = tracker.artifacts(&who, experiment, Page::new(0, Page::LIMIT), &newest_first).await?;
    let rows = list.items.into_iter().map(Into::into).collect();
    Ok(ArtifactsView { rows, total: list.total, may_write, host: server_context::host() })
}

/// Makes what is shown when something is asked of artifacts: `what` is a word as in the address, `artifacts` are ids with
/// blanks between them.
#[server(name = LoadPanel, prefix = "/fn", endpoint = "artifacts/panel", input = GetUrl)]
pub async fn load_panel(
    experiment: ExperimentId,
    what: String,
    artifacts: String,
    version: Option<i64>,
) -> Result<Panel, AppError> {
    let (tracker, who) = server_context::authenticated()?;
    let ids = ids(&artifacts)?;
    panel::make(&tracker, &who, experiment, What::from_word(&what), &ids, version).await
}

/// Gives an artifact another name; says that it is done.
#[server(name = RenameArtifact, prefix = "/fn", endpoint = "artifacts/rename")]
pub async fn rename_artifact(artifact: ArtifactId, name: String, back: String) -> Result<String, AppError> {
    let (tracker, who) = server_context::authenticated()?;
    let name = ArtifactName::parse(&name)?;
    let renamed = tracker.rename_artifact(&who, artifact, &name).await?;
    server_context::redirect_without_js(&back);
    Ok(format!("It is called {} now.", renamed.name))
}

/// Deletes artifacts with all their versions; says what became free.
#[server(name = DeleteArtifacts, prefix = "/fn", endpoint = "artifacts/delete")]
pub async fn delete_artifacts(experiment: ExperimentId, artifacts: String, back: String) -> Result<String, AppError> {
    let (tracker, who) = server_context::authenticated()?;
    let gone = tracker.delete_artifacts(&who, experiment, &ids(&artifacts)?).await?;
    server_context::redirect_without_js(&back);
    Ok(deleted(gone))
}

/// Changes which versions there are, or which one is current: `restore 3`, `delete 3`, or `delete earlier` for all but the
/// current one. Says what was done.
#[server(name = ChangeVersions, prefix = "/fn", endpoint = "artifacts/versions")]
pub async fn change_versions(artifact: ArtifactId, change: String, back: String) -> Result<String, AppError> {
    let (tracker, who) = server_context::authenticated()?;
    let number = |text: &str| text.parse::<i64>().map_err(|_| AppError::Invalid("there is no such version".to_owned()));
    let done = match change.split_once(' ') {
        Some(("restore", version)) => {
            let restored = tracker.restore_artifact_version(&who, artifact, number(version)?).await?;
            format!("Version {} is the current one now.", restored.now.version)
        }
        Some(("delete", "earlier")) => deleted(tracker.delete_earlier_versions(&who, artifact).await?),
        Some(("delete", version)) => deleted(tracker.delete_artifact_version(&who, artifact, number(version)?).await?),
        _ => return Err(AppError::Invalid("versions can be restored or deleted".to_owned())),
    };
    server_context::redirect_without_js(&back);
    Ok(done)
}

#[cfg(feature = "ssr")]
fn ids(text: &str) -> Result<Vec<ArtifactId>, AppError> {
    let ids = text.split_whitespace().map(str::parse).collect::<Result<_, _>>();
    ids.map_err(|_| AppError::Invalid("this is no list of artifacts".to_owned()))
}

#[cfg(feature = "ssr")]
fn deleted(gone: DeletionImpact) -> String {
    let files = format::count(gone.files, "file");
    format!("Deleted {files}; {} of storage became free.", format::bytes(gone.frees))
}
