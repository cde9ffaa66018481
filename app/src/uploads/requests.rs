//! Server functions for uploads. The parts of a file are sent to a separate endpoint by `transport`.

use domain::{
    artifacts::Upload,
    ids::{ExperimentId, UploadId},
};
use leptos::{prelude::*, server_fn::codec::GetUrl};

use crate::AppError;
#[cfg(feature = "ssr")]
use {super::free_names::suggest_free_names, crate::server_context};

/// Returns for each name, one per line, `None` if it is free in the experiment, and otherwise a similar name that is.
#[server(name = FreeNames, prefix = "/fn", endpoint = "uploads/names")]
pub async fn free_names(experiment: ExperimentId, names: String) -> Result<Vec<Option<String>>, AppError> {
    use domain::paging::ListRange;

    let (tracker, who) = server_context::authenticated()?;
    let mut used = std::collections::HashSet::new();
    let mut artifacts = tracker.list_artifacts(&who, experiment, ListRange::ALL, &[]).await?;
    while let Some(batch) = artifacts.next_batch().await? {
        used.extend(batch.into_iter().map(|artifact| String::from(artifact.name)));
    }
    Ok(suggest_free_names(used, names.lines()))
}

/// Begins an upload, or resumes the user's unfinished upload of the same file.
#[server(name = BeginUpload, prefix = "/fn", endpoint = "uploads/begin")]
pub async fn begin_upload(
    experiment: ExperimentId,
    name: String,
    filename: String,
    size: u64,
    content_type: String,
    fingerprint: String,
    replace: bool,
) -> Result<Upload, AppError> {
    let (tracker, who) = server_context::authenticated()?;
    let new = tracker::NewUpload {
        name: domain::artifacts::ArtifactName::parse(&name)?,
        filename: domain::files::FileName::parse(&filename)?,
        size,
        content_type: domain::files::MediaType::parse(&content_type),
        fingerprint: domain::artifacts::Fingerprint::parse(fingerprint)?,
        replace,
    };
    Ok(tracker.begin_upload(&who, experiment, &new).await?)
}

/// Returns the user's own unfinished uploads to an experiment.
#[server(name = LoadUploads, prefix = "/fn", endpoint = "uploads", input = GetUrl)]
pub async fn load_uploads(experiment: ExperimentId) -> Result<Vec<Upload>, AppError> {
    let (tracker, who) = server_context::authenticated()?;
    Ok(tracker.uploads(&who, experiment).await?)
}

/// Returns the state of an upload, including how many bytes the server has.
#[server(name = UploadState, prefix = "/fn", endpoint = "uploads/state", input = GetUrl)]
pub async fn upload_state(id: UploadId) -> Result<Upload, AppError> {
    let (tracker, who) = server_context::authenticated()?;
    Ok(tracker.upload_state(&who, id).await?)
}

/// Completes an upload: the received bytes become the artifact, if they have this SHA-256.
#[server(name = FinishUpload, prefix = "/fn", endpoint = "uploads/finish")]
pub async fn finish_upload(id: UploadId, sha256: String) -> Result<(), AppError> {
    let (tracker, who) = server_context::authenticated()?;
    // Parsed first: only the hash of other bytes deletes the upload, not a malformed one.
    let sha256 = domain::files::Sha256Hash::parse(&sha256)?;
    tracker.finish_upload(&who, id, &sha256).await?;
    Ok(())
}

/// Cancels an upload and discards the received bytes.
#[server(name = CancelUpload, prefix = "/fn", endpoint = "uploads/cancel")]
pub async fn cancel_upload(id: UploadId) -> Result<(), AppError> {
    let (tracker, who) = server_context::authenticated()?;
    tracker.cancel_upload(&who, id).await?;
    Ok(())
}
