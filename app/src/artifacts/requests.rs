//! Server functions of the artifacts tab.

use domain::ids::{ArtifactId, ExperimentId};
use leptos::{prelude::*, server_fn::codec::GetUrl};

use super::{artifact_row::ArtifactsView, panel::PanelContent};
use crate::AppError;
#[cfg(feature = "ssr")]
use {
    super::{artifact_row::ArtifactsPage, panel, url_state::PanelKind},
    crate::server_context,
    domain::{
        artifacts::{ArtifactField, ArtifactName, ArtifactOrder, DeletionImpact},
        format,
        paging::{Order, Page},
    },
};

/// Returns an experiment's artifacts, most recently stored first. If there are more than a thousand, returns page `page`,
/// counted from 1, of those that match the search, in this sort order; otherwise all, and the browser searches and sorts.
#[server(name = LoadArtifacts, prefix = "/fn", endpoint = "artifacts", input = GetUrl)]
pub async fn load_artifacts(
    experiment: ExperimentId,
    search: String,
    sort: String,
    page: i64,
) -> Result<ArtifactsView, AppError> {
    let (tracker, who) = server_context::authenticated()?;
    let newest_first = [Order { by: ArtifactField::UpdatedAt, descending: true }];
    let may_write = tracker.experiment(&who, experiment).await?.may_write;
    let first_page = Page::new(0, Page::LIMIT).into();
    let list = tracker.list_artifacts(&who, experiment, first_page, &newest_first).await?;
    let total = list.total();
    let (artifacts, page) = if total <= Page::LIMIT {
        (list.into_page().await?.items, None)
    } else {
        let order = ArtifactOrder::parse(&sort);
        let found = tracker.search_artifacts(&who, experiment, &search, order, page.saturating_sub(1)).await?;
        let last = (found.count.max(1) - 1) / Page::LIMIT + 1;
        let page = ArtifactsPage { number: found.page + 1, last, matching: found.count, bytes: found.bytes };
        (found.items, Some(page))
    };
    let rows = artifacts.into_iter().map(Into::into).collect();
    Ok(ArtifactsView { rows, total, page, may_write, host: server_context::host() })
}

/// Returns the content of a panel. `what` is the panel's kind as in the address, `artifacts` a list of ids separated by
/// spaces.
#[server(name = LoadPanel, prefix = "/fn", endpoint = "artifacts/panel", input = GetUrl)]
pub async fn load_panel(
    experiment: ExperimentId,
    what: String,
    artifacts: String,
    version: Option<i64>,
) -> Result<PanelContent, AppError> {
    let (tracker, who) = server_context::authenticated()?;
    let ids = parse_artifact_ids(&artifacts)?;
    panel::build_panel(&tracker, &who, experiment, PanelKind::from_query_value(&what), &ids, version).await
}

/// Renames an artifact. Returns a message for the user.
#[server(name = RenameArtifact, prefix = "/fn", endpoint = "artifacts/rename")]
pub async fn rename_artifact(artifact: ArtifactId, name: String, back: String) -> Result<String, AppError> {
    let (tracker, who) = server_context::authenticated()?;
    let name = ArtifactName::parse(&name)?;
    let renamed = tracker.rename_artifact(&who, artifact, &name).await?;
    server_context::redirect_without_js(&back);
    Ok(format!("Renamed to {}.", renamed.name))
}

/// Deletes artifacts with all their versions. Returns a message for the user.
#[server(name = DeleteArtifacts, prefix = "/fn", endpoint = "artifacts/delete")]
pub async fn delete_artifacts(experiment: ExperimentId, artifacts: String, back: String) -> Result<String, AppError> {
    let (tracker, who) = server_context::authenticated()?;
    let deleted = tracker.delete_artifacts(&who, experiment, &parse_artifact_ids(&artifacts)?).await?;
    server_context::redirect_without_js(&back);
    Ok(deletion_message(deleted))
}

/// Changes the versions of an artifact. `change` is `restore 3`, which makes version 3 current, `delete 3`, or
/// `delete earlier`, which deletes all versions except the current one. Returns a message for the user.
#[server(name = ChangeVersions, prefix = "/fn", endpoint = "artifacts/versions")]
pub async fn change_versions(artifact: ArtifactId, change: String, back: String) -> Result<String, AppError> {
    let (tracker, who) = server_context::authenticated()?;
    let number = |text: &str| text.parse::<i64>().map_err(|_| AppError::Invalid("no such version".to_owned()));
    let message = match change.split_once(' ') {
        Some(("restore", version)) => {
            let restored = tracker.restore_artifact_version(&who, artifact, number(version)?).await?;
            format!("Version {} is now current.", restored.now.version)
        }
        Some(("delete", "earlier")) => deletion_message(tracker.delete_earlier_versions(&who, artifact).await?),
        Some(("delete", version)) => {
            deletion_message(tracker.delete_artifact_version(&who, artifact, number(version)?).await?)
        }
        _ => return Err(AppError::Invalid("versions can only be restored or deleted".to_owned())),
    };
    server_context::redirect_without_js(&back);
    Ok(message)
}

#[cfg(feature = "ssr")]
fn parse_artifact_ids(text: &str) -> Result<Vec<ArtifactId>, AppError> {
    let ids = text.split_whitespace().map(str::parse).collect::<Result<_, _>>();
    ids.map_err(|_| AppError::Invalid("the list of artifacts isn't valid".to_owned()))
}

#[cfg(feature = "ssr")]
fn deletion_message(deleted: DeletionImpact) -> String {
    format!("Deleted {} and freed {}.", format::count(deleted.files, "file"), format::bytes(deleted.frees))
}
