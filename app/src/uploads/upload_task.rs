//! The task that uploads one file: begins the upload, sends the parts in order, and has the server compare the checksums.
//!
//! After each interruption it asks how many bytes the server has and continues from there.

use domain::{
    artifacts::{Upload, part_size},
    ids::UploadId,
};
use leptos::server_fn::ServerFn;
use web_sys::File;

use super::{
    file_bytes::{file_range, read_file_range, slice_end},
    requests::{BeginUpload, FinishUpload, UploadState},
    transfer::{Stage, Transfer},
    transport::{PartUpload, call_with_form},
};
use crate::{AppError, server_fn_client::call_server_fn};

/// Why a file was not uploaded.
pub(super) enum UploadError {
    /// The transfer was stopped. Its stage is already set.
    Stopped,
    /// The server did not respond, failed, or limits the rate of requests. Worth a retry.
    Retryable,
    /// An artifact of that name exists and must not be replaced.
    NameTaken,
    /// Failed, with a message for the user.
    Failed(String),
}

impl From<AppError> for UploadError {
    fn from(error: AppError) -> Self {
        match error {
            AppError::Unreachable | AppError::Unavailable(_) | AppError::Unexpected { .. } | AppError::TooMany(_) => {
                Self::Retryable
            }
            AppError::Conflict(_) => Self::NameTaken,
            other => Self::Failed(other.sentence()),
        }
    }
}

/// Uploads a file and returns its SHA-256. Retries with exponential back-off, from 1 to 30 seconds, until the server
/// responds.
///
/// `claim` claims the upload for this tab; `false` means that it belongs to another one.
pub(super) async fn upload_file(transfer: &Transfer, claim: impl Fn(UploadId) -> bool) -> Result<String, UploadError> {
    const MIN_BACKOFF_MS: i32 = 1_000;
    const MAX_BACKOFF_MS: i32 = 30_000;
    let generation = transfer.generation();
    let mut backoff = MIN_BACKOFF_MS;
    loop {
        let received_before = transfer.received.get();
        match attempt_upload(transfer, generation, &claim).await {
            _ if transfer.is_stale(generation) => return Err(UploadError::Stopped),
            Err(UploadError::Retryable) => {}
            result => return result,
        }
        if transfer.received.get() > received_before {
            backoff = MIN_BACKOFF_MS;
        }
        transfer.loaded.set(0);
        transfer.set_stage(Stage::WaitingToRetry);
        transfer.wait_before_retry(backoff).await;
        if transfer.is_stale(generation) {
            return Err(UploadError::Stopped);
        }
        backoff = (backoff * 2).min(MAX_BACKOFF_MS);
    }
}

async fn attempt_upload(
    transfer: &Transfer,
    generation: u32,
    claim: &impl Fn(UploadId) -> bool,
) -> Result<String, UploadError> {
    let upload = begin_or_resume(transfer).await?;
    ensure_not_stopped(transfer, generation)?;
    if !claim(upload.id) {
        // Forgotten here, so that canceling does not discard the other tab's upload.
        transfer.upload.set(None);
        let text = "Another tab or window of this browser is already uploading this file.";
        return Err(UploadError::Failed(text.to_owned()));
    }
    transfer.upload.set(Some(upload.id));
    transfer.received.set(upload.received);
    hash_received(transfer, generation).await?;
    send_parts(transfer, generation, upload.id).await?;
    transfer.set_stage(Stage::Finishing);
    let sha256 = transfer.digest.borrow().to_hex();
    let fields = [("id", &*upload.id.to_string()), ("sha256", &*sha256)];
    match call_with_form::<()>(FinishUpload::PATH, &fields).await {
        Ok(()) => Ok(sha256),
        Err(error) => {
            // The server has discarded the bytes, so a retry starts over.
            if matches!(error, AppError::Invalid(_) | AppError::NotFound(_)) {
                transfer.upload.set(None);
                transfer.received.set(0);
            }
            Err(error.into())
        }
    }
}

async fn begin_or_resume(transfer: &Transfer) -> Result<Upload, UploadError> {
    if let Some(id) = transfer.upload.get() {
        return call_server_fn(UploadState { id }).await.map_err(|error| reset_if_gone(transfer, error));
    }
    let file = current_file(transfer)?;
    let fields = [
        ("experiment", &*transfer.experiment.to_string()),
        ("name", transfer.name.as_str()),
        ("filename", &file.name()),
        ("size", &transfer.size.to_string()),
        ("content_type", &file.type_()),
        ("fingerprint", &transfer.fingerprint),
        ("replace", if transfer.replace { "true" } else { "false" }),
    ];
    Ok(call_with_form(BeginUpload::PATH, &fields).await?)
}

/// Hashes the bytes that the server already has and that are not hashed yet.
async fn hash_received(transfer: &Transfer, generation: u32) -> Result<(), UploadError> {
    // Fails early if the file was changed, even if there is nothing to hash.
    hash_range(transfer, generation, 0, 1.min(transfer.size)).await?;
    let received = transfer.received.get();
    loop {
        let start = transfer.digest.borrow().length();
        if start >= received {
            return Ok(());
        }
        transfer.set_stage(Stage::Verifying(start));
        hash_range(transfer, generation, start, slice_end(start, received)).await?;
    }
}

/// Sends the parts that the server does not have.
///
/// Each part is hashed while it is sent. The browser reads it twice, for the request and for the hash: sending the bytes from
/// our memory would block the page for longer than a frame.
async fn send_parts(transfer: &Transfer, generation: u32, upload: UploadId) -> Result<(), UploadError> {
    let (size, part_size) = (transfer.size, part_size(transfer.size));
    while transfer.received.get() < size {
        let start = transfer.received.get();
        let end = size.min(start + part_size);
        let part = file_range(&current_file(transfer)?, start, end).ok_or_else(unreadable_file)?;
        transfer.set_stage(Stage::Sending);
        let number = start / part_size + 1;
        let part_upload =
            PartUpload::begin(upload, number, &part, transfer.loaded.clone()).ok_or(UploadError::Retryable)?;
        transfer.set_request(part_upload.request());
        let mut position = start.max(transfer.digest.borrow().length());
        while position < end {
            let slice_end = slice_end(position, end);
            hash_range(transfer, generation, position, slice_end).await?;
            position = slice_end;
        }
        let result = part_upload.finish().await;
        ensure_not_stopped(transfer, generation)?;
        result.map_err(|error| reset_if_gone(transfer, error))?;
        transfer.loaded.set(0);
        transfer.received.set(end);
    }
    Ok(())
}

/// Reads a range of the file and hashes it, unless it is hashed already.
async fn hash_range(transfer: &Transfer, generation: u32, start: u64, end: u64) -> Result<(), UploadError> {
    let bytes = read_file_range(&current_file(transfer)?, start, end).await;
    ensure_not_stopped(transfer, generation)?;
    transfer.digest.borrow_mut().update(start, &bytes.ok_or_else(unreadable_file)?);
    Ok(())
}

fn current_file(transfer: &Transfer) -> Result<File, UploadError> {
    transfer.file.borrow().clone().ok_or_else(unreadable_file)
}

fn ensure_not_stopped(transfer: &Transfer, generation: u32) -> Result<(), UploadError> {
    if transfer.is_stale(generation) { Err(UploadError::Stopped) } else { Ok(()) }
}

/// Converts an error. If the server no longer knows the upload, forgets its id, so that a retry starts over.
fn reset_if_gone(transfer: &Transfer, error: AppError) -> UploadError {
    if !matches!(error, AppError::NotFound(_)) {
        return error.into();
    }
    transfer.upload.set(None);
    transfer.received.set(0);
    let text = "This upload was canceled elsewhere or has expired. Retry to upload the file from the start.";
    UploadError::Failed(text.to_owned())
}

fn unreadable_file() -> UploadError {
    let text = "The file couldn't be read. It was changed, moved or deleted after it was chosen. Choose it again.";
    UploadError::Failed(text.to_owned())
}
