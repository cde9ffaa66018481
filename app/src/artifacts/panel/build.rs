//! Builds the content of panels on the server.

use domain::{
    artifacts::{Artifact, Preview},
    ids::{ArtifactId, ExperimentId},
};
use tracker::{Actor, Error, Tracker};

use super::{
    super::{artifact_row::StoredFile, render, url_state::PanelKind},
    Deletion, FilePreview, PanelContent,
};
use crate::{
    AppError,
    rendering::{self, ContentKey, SINGLE_ITEMS},
};

/// How many names of artifacts to delete are listed.
const MAX_LISTED_NAMES: usize = 8;
/// How many bytes of a file are read to check whether it is an image.
const IMAGE_HEAD_BYTES: u64 = 64;

/// Builds the content of a panel about artifacts of an experiment.
///
/// # Errors
/// Returns the tracker's error for artifacts that do not exist and for actions that the user may not perform.
pub(in crate::artifacts) async fn build_panel(
    tracker: &Tracker,
    who: &Actor,
    experiment: ExperimentId,
    kind: PanelKind,
    ids: &[ArtifactId],
    version: Option<i64>,
) -> Result<PanelContent, AppError> {
    if kind == PanelKind::Closed {
        return Ok(PanelContent::Closed);
    }
    if kind == PanelKind::Delete {
        return build_deletion(tracker, who, experiment, ids).await;
    }
    let first = ids.first().ok_or(Error::NotFound("artifact"))?;
    let artifact = tracker.artifact(who, *first).await?;
    if artifact.experiment != experiment {
        return Err(Error::NotFound("artifact").into());
    }
    match kind {
        PanelKind::Preview => Ok(PanelContent::Preview(build_preview(tracker, who, artifact, version).await?)),
        PanelKind::Versions => {
            let versions = tracker.artifact_versions(who, artifact.id).await?;
            Ok(PanelContent::Versions(artifact.into(), versions.into_iter().map(Into::into).collect()))
        }
        _ => Ok(PanelContent::Rename(artifact.into())),
    }
}

async fn build_deletion(
    tracker: &Tracker,
    who: &Actor,
    experiment: ExperimentId,
    ids: &[ArtifactId],
) -> Result<PanelContent, AppError> {
    let impact = tracker.artifact_deletion_impact(who, experiment, ids).await?;
    if impact.artifacts == 0 {
        return Err(Error::NotFound("artifact").into());
    }
    let mut names = Vec::new();
    for id in ids {
        match tracker.artifact(who, *id).await {
            Ok(artifact) => names.push(artifact.name.to_string()),
            Err(Error::NotFound(_)) => {}
            Err(error) => return Err(error.into()),
        }
        if names.len() == MAX_LISTED_NAMES {
            break;
        }
    }
    Ok(PanelContent::Delete(Deletion { artifacts: ids.to_vec(), names, impact }))
}

async fn build_preview(
    tracker: &Tracker,
    who: &Actor,
    artifact: Artifact,
    version: Option<i64>,
) -> Result<FilePreview, AppError> {
    let id = artifact.id;
    let stored = match version {
        None => artifact.now.clone(),
        Some(number) => {
            let versions = tracker.artifact_versions(who, id).await?;
            let found = versions.into_iter().find(|stored| stored.version == number);
            found.ok_or(Error::NotFound("version"))?
        }
    };
    let number = Some(stored.version);
    let kind = Preview::of(stored.file.filename.as_str());
    let file = StoredFile::from(stored);
    let limit = if kind == Some(Preview::Image) { IMAGE_HEAD_BYTES } else { Preview::BYTES };
    let head = match kind {
        Some(_) if file.size > 0 => tracker.artifact_head(who, id, number, limit).await?.bytes,
        _ => Vec::new(),
    };
    let how = format!("{kind:?} {} {}", file.size, file.filename);
    let (filename, size) = (file.filename.clone(), file.size);
    let key = ContentKey::new(&how, &head);
    let rendered =
        rendering::render_cached(&SINGLE_ITEMS, key, move || render::render_file(kind, &filename, size, &head)).await;
    let rendered = rendered.map_err(Error::from)?;
    let image = match rendered.is_image {
        true => Some(tracker.sign_artifact_download(who, id, number).await?.download_path()),
        false => None,
    };
    Ok(FilePreview { row: artifact.into(), file, image, html: rendered.html.to_string(), note: rendered.note })
}
