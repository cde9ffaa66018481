//! A file's way to the server: begin, send the parts in order, compare the checksums. Over any interruption: what the
//! server has is asked, and it goes on from there.

use domain::{
    artifacts::{Upload, part_size},
    ids::UploadId,
};
use leptos::server_fn::ServerFn;
use web_sys::File;

use super::{
    bytes,
    requests::{BeginUpload, FinishUpload, UploadState},
    send::{Sending, call},
    transfer::{Stage, Transfer},
};
use crate::{AppError, server_fn_client::call_server_fn};

/// Why a file did not arrive.
pub(super) enum Trouble {
    /// It was stopped; whoever did that has said the rest.
    Stopped,
    /// The server does not answer, or fails: it is worth trying again.
    Away,
    /// An artifact has that name, and is not to be replaced.
    Taken,
    /// Refused, in a sentence.
    Refused(String),
}

impl From<AppError> for Trouble {
    fn from(error: AppError) -> Self {
        match error {
            AppError::Unreachable | AppError::Unexpected { .. } | AppError::TooMany(_) => Self::Away,
            AppError::Conflict(_) => Self::Taken,
            other => Self::Refused(other.sentence()),
        }
    }
}

/// Brings the file to the server, however long that takes; gives its SHA-256.
pub(super) async fn run(transfer: &Transfer, began: impl Fn(UploadId) -> bool) -> Result<String, Trouble> {
    const LONGEST: i32 = 30_000;
    let turn = transfer.turn();
    let mut pause = 1_000;
    loop {
        let before = transfer.received.get();
        match attempt(transfer, turn, &began).await {
            _ if transfer.is_over(turn) => return Err(Trouble::Stopped),
            Err(Trouble::Away) => {}
            ended => return ended,
        }
        if transfer.received.get() > before {
            pause = 1_000;
        }
        transfer.loaded.set(0);
        transfer.set_stage(Stage::Away);
        transfer.rest(pause).await;
        if transfer.is_over(turn) {
            return Err(Trouble::Stopped);
        }
        pause = (pause * 2).min(LONGEST);
    }
}

async fn attempt(transfer: &Transfer, turn: u32, began: &impl Fn(UploadId) -> bool) -> Result<String, Trouble> {
    let upload = begin(transfer).await?;
    still(transfer, turn)?;
    if !began(upload.id) {
        // Given up here, it must not be thrown away there.
        transfer.upload.set(None);
        let text = "This file is on its way from another tab or window of this browser.";
        return Err(Trouble::Refused(text.to_owned()));
    }
    transfer.upload.set(Some(upload.id));
    transfer.received.set(upload.received);
    catch_up(transfer, turn).await?;
    send(transfer, turn, upload.id).await?;
    transfer.set_stage(Stage::Finishing);
    let sha256 = transfer.digest.borrow().hex();
    let fields = [("id", &*upload.id.to_string()), ("sha256", &*sha256)];
    match call::<()>(FinishUpload::PATH, &fields).await {
        Ok(()) => Ok(sha256),
        Err(error) => {
            // Whatever was thrown away is begun anew.
            if matches!(error, AppError::Invalid(_) | AppError::NotFound(_)) {
                transfer.upload.set(None);
                transfer.received.set(0);
            }
            Err(error.into())
        }
    }
}

async fn begin(transfer: &Transfer) -> Result<Upload, Trouble> {
    if let Some(id) = transfer.upload.get() {
        return call_server_fn(UploadState { id }).await.map_err(|error| gone(transfer, error));
    }
    let file = file(transfer)?;
    let fields = [
        ("experiment", &*transfer.experiment.to_string()),
        ("name", transfer.name.as_str()),
        ("filename", &file.name()),
        ("size", &transfer.size.to_string()),
        ("content_type", &file.type_()),
        ("fingerprint", &transfer.fingerprint),
        ("replace", if transfer.replace { "true" } else { "false" }),
    ];
    Ok(call(BeginUpload::PATH, &fields).await?)
}

/// Hashes what the server has already, as far as that is not known.
async fn catch_up(transfer: &Transfer, turn: u32) -> Result<(), Trouble> {
    // Also where nothing is to be hashed, the file must still be what was chosen.
    hash(transfer, turn, 0, 1.min(transfer.size)).await?;
    let received = transfer.received.get();
    loop {
        let start = transfer.digest.borrow().at();
        if start >= received {
            return Ok(());
        }
        transfer.set_stage(Stage::Checking(start));
        hash(transfer, turn, start, bytes::slice_end(start, received)).await?;
    }
}

/// Sends what the server lacks. Each part is hashed while it is on its way: the browser reads it for us and once more to
/// send it, because taking it from us would hold up the page for longer than a frame.
async fn send(transfer: &Transfer, turn: u32, upload: UploadId) -> Result<(), Trouble> {
    let (size, whole) = (transfer.size, part_size(transfer.size));
    while transfer.received.get() < size {
        let start = transfer.received.get();
        let end = size.min(start + whole);
        let part = bytes::part(&file(transfer)?, start, end).ok_or_else(unreadable)?;
        transfer.set_stage(Stage::Sending);
        let sending = Sending::begin(upload, start / whole + 1, &part, transfer.loaded.clone()).ok_or(Trouble::Away)?;
        transfer.breaks_off(sending.request());
        let mut at = start.max(transfer.digest.borrow().at());
        while at < end {
            let stop = bytes::slice_end(at, end);
            hash(transfer, turn, at, stop).await?;
            at = stop;
        }
        let arrived = sending.arrive().await;
        still(transfer, turn)?;
        arrived.map_err(|error| gone(transfer, error))?;
        transfer.loaded.set(0);
        transfer.received.set(end);
    }
    Ok(())
}

/// Reads a slice, and hashes what of it was not hashed.
async fn hash(transfer: &Transfer, turn: u32, start: u64, end: u64) -> Result<(), Trouble> {
    let slice = bytes::read(&file(transfer)?, start, end).await;
    still(transfer, turn)?;
    transfer.digest.borrow_mut().take(start, &slice.ok_or_else(unreadable)?);
    Ok(())
}

fn file(transfer: &Transfer) -> Result<File, Trouble> {
    transfer.file.borrow().clone().ok_or_else(unreadable)
}

fn still(transfer: &Transfer, turn: u32) -> Result<(), Trouble> {
    if transfer.is_over(turn) { Err(Trouble::Stopped) } else { Ok(()) }
}

/// An upload that the server does not know any more is begun anew when somebody tries again.
fn gone(transfer: &Transfer, error: AppError) -> Trouble {
    if !matches!(error, AppError::NotFound(_)) {
        return error.into();
    }
    transfer.upload.set(None);
    transfer.received.set(0);
    let text = "This upload ended elsewhere: it was canceled, or it waited too long. Retry begins it anew.";
    Trouble::Refused(text.to_owned())
}

fn unreadable() -> Trouble {
    let text = "The file cannot be read: it was changed, moved or deleted after it was chosen. Choose it again.";
    Trouble::Refused(text.to_owned())
}
