//! Panels as the server makes them.

use domain::{
    artifacts::{Artifact, Preview},
    ids::{ArtifactId, ExperimentId},
};
use tracker::{Actor, Error, Tracker};

use super::{
    super::{look::What, paper, row::StoredFile},
    Leaving, Panel, Paper,
};
use crate::AppError;

/// How many names stand above the button that deletes.
const NAMES: usize = 8;
/// Enough of a file to see whether it is a picture.
const PICTURE_BYTES: u64 = 64;

/// Makes what is shown when this is asked of an experiment's artifacts.
///
/// # Errors
/// As the tracker's: for what is not there, and for what the reader may not do.
pub(in crate::artifacts) async fn make(
    tracker: &Tracker,
    who: &Actor,
    experiment: ExperimentId,
    what: What,
    ids: &[ArtifactId],
    version: Option<i64>,
) -> Result<Panel, AppError> {
    if what == What::Nothing {
        return Ok(Panel::Closed);
    }
    if what == What::Delete {
        return leaving(tracker, who, experiment, ids).await;
    }
    let first = ids.first().ok_or(Error::NotFound("artifact"))?;
    let artifact = tracker.artifact(who, *first).await?;
    if artifact.experiment != experiment {
        return Err(Error::NotFound("artifact").into());
    }
    match what {
        What::Preview => Ok(Panel::Preview(preview(tracker, who, artifact, version).await?)),
        What::Versions => {
            let versions = tracker.artifact_versions(who, artifact.id).await?;
            Ok(Panel::Versions(artifact.into(), versions.into_iter().map(Into::into).collect()))
        }
        _ => Ok(Panel::Rename(artifact.into())),
    }
}

async fn leaving(
    tracker: &Tracker,
    who: &Actor,
    experiment: ExperimentId,
    ids: &[ArtifactId],
) -> Result<Panel, AppError> {
    let weight = tracker.artifact_deletion_impact(who, experiment, ids).await?;
    if weight.artifacts == 0 {
        return Err(Error::NotFound("artifact").into());
    }
    let mut names = Vec::new();
    for id in ids {
        match tracker.artifact(who, *id).await {
            Ok(artifact) => names.push(artifact.name.to_string()),
            Err(Error::NotFound(_)) => {}
            Err(error) => return Err(error.into()),
        }
        if names.len() == NAMES {
            break;
        }
    }
    Ok(Panel::Delete(Leaving { artifacts: ids.to_vec(), names, weight }))
}

async fn preview(tracker: &Tracker, who: &Actor, artifact: Artifact, version: Option<i64>) -> Result<Paper, AppError> {
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
    let limit = if kind == Some(Preview::Image) { PICTURE_BYTES } else { Preview::BYTES };
    let bytes = match kind {
        Some(_) if file.size > 0 => tracker.artifact_head(who, id, number, limit).await?.bytes,
        _ => Vec::new(),
    };
    let sheet = paper::sheet(kind, &file.filename, file.size, &bytes);
    let picture = match sheet.is_picture {
        true => Some(tracker.sign_artifact_download(who, id, number).await?.download_path()),
        false => None,
    };
    Ok(Paper { row: artifact.into(), file, picture, html: sheet.html, note: sheet.note })
}
