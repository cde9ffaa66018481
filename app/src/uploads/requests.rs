//! What pages ask about uploads. The parts of a file go another way: `send` puts them to an address of their own.

use domain::{
    artifacts::Upload,
    ids::{ExperimentId, UploadId},
};
use leptos::{prelude::*, server_fn::codec::GetUrl};

#[cfg(feature = "ssr")]
use super::names;
use crate::AppError;
#[cfg(feature = "ssr")]
use crate::server_context;

/// For each of these names, one a line: none when it is free, and otherwise one like it that is.
#[server(name = FreeNames, prefix = "/fn", endpoint = "uploads/names")]
pub async fn free_names(experiment: ExperimentId, names: String) -> Result<Vec<Option<String>>, AppError> {
    use domain::paging::Page;

    let (tracker, who) = server_context::authenticated()?;
    let mut taken = std::collections::HashSet::new();
    for page in 0.. {
        let page = Page::new(page * Page::LIMIT, Page::LIMIT);
        let read = tracker.artifacts(&who, experiment, page, &[]).await?;
        let last = page.offset() + page.limit() >= read.total || read.items.is_empty();
        taken.extend(read.items.into_iter().map(|artifact| String::from(artifact.name)));
        if last {
            break;
        }
    }
    Ok(names::free(taken, names.lines()))
}

/// Begins to upload a file, or goes on where the same person stopped with the same file.
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
        content_type: Some(content_type).filter(|kind| !kind.is_empty()),
        fingerprint,
        replace,
    };
    Ok(tracker.begin_upload(&who, experiment, &new).await?)
}

/// The reader's own uploads to an experiment that have not ended.
#[server(name = LoadUploads, prefix = "/fn", endpoint = "uploads", input = GetUrl)]
pub async fn load_uploads(experiment: ExperimentId) -> Result<Vec<Upload>, AppError> {
    let (tracker, who) = server_context::authenticated()?;
    Ok(tracker.uploads(&who, experiment).await?)
}

/// How far an upload is.
#[server(name = UploadState, prefix = "/fn", endpoint = "uploads/state", input = GetUrl)]
pub async fn upload_state(id: UploadId) -> Result<Upload, AppError> {
    let (tracker, who) = server_context::authenticated()?;
    Ok(tracker.upload_state(&who, id).await?)
}

/// Ends an upload: what arrived becomes the artifact, if its SHA-256 is this.
#[server(name = FinishUpload, prefix = "/fn", endpoint = "uploads/finish")]
pub async fn finish_upload(id: UploadId, sha256: String) -> Result<(), AppError> {
    let (tracker, who) = server_context::authenticated()?;
    tracker.finish_upload(&who, id, &sha256).await?;
    Ok(())
}

/// Gives an upload up.
#[server(name = CancelUpload, prefix = "/fn", endpoint = "uploads/cancel")]
pub async fn cancel_upload(id: UploadId) -> Result<(), AppError> {
    let (tracker, who) = server_context::authenticated()?;
    tracker.cancel_upload(&who, id).await?;
    Ok(())
}
