//! A file's way to the server: begin, send the parts in order, compare the checksums. Over any interruption: what the
//! server has is asked, and it goes on from there.

use domain::{
    artifacts::{Upload, part_size},
    ids::UploadId,
};
use js_sys::Uint8Array;
use leptos::server_fn::ServerFn;

use super::{
    bytes,
    requests::{BeginUpload, FinishUpload, UploadState},
    send::{Sending, call},
    transfer::{Stage, Transfer},
};
use crate::{AppError, ask::ask};

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
    transfer.upload.set(Some(upload.id));
    if !began(upload.id) {
        let text = "This file is on its way from another tab or window of this browser.";
        return Err(Trouble::Refused(text.to_owned()));
    }
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
        return ask(UploadState { id }).await.map_err(|error| gone(transfer, error));
    }
    let Some(file) = transfer.file.borrow().clone() else { return Err(unreadable()) };
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
    loop {
        let (start, end) = (transfer.digest.borrow().at(), transfer.received.get());
        if start >= end {
            return Ok(());
        }
        transfer.set_stage(Stage::Checking(start));
        read(transfer, turn, start, bytes::slice_end(start, end)).await?;
    }
}

/// Sends what the server lacks. The next part is read and hashed while one is on its way.
async fn send(transfer: &Transfer, turn: u32, upload: UploadId) -> Result<(), Trouble> {
    let (size, whole) = (transfer.size, part_size(transfer.size));
    let mut next = None;
    while transfer.received.get() < size {
        let start = transfer.received.get();
        let end = size.min(start + whole);
        let part = match next.take() {
            Some(part) => part,
            None => read_part(transfer, turn, start, end).await?,
        };
        transfer.set_stage(Stage::Sending);
        let sending = Sending::begin(upload, start / whole + 1, &part, transfer.loaded.clone()).ok_or(Trouble::Away)?;
        transfer.breaks_off(sending.request());
        if end < size {
            next = Some(read_part(transfer, turn, end, size.min(end + whole)).await?);
        }
        let arrived = sending.arrive().await;
        still(transfer, turn)?;
        arrived.map_err(|error| gone(transfer, error))?;
        transfer.loaded.set(0);
        transfer.received.set(end);
    }
    Ok(())
}

/// Reads a part, and hashes what of it was not hashed.
async fn read_part(transfer: &Transfer, turn: u32, start: u64, end: u64) -> Result<Uint8Array, Trouble> {
    let length = |bytes: u64| u32::try_from(bytes).map_err(|_| unreadable());
    let part = Uint8Array::new_with_length(length(end - start)?);
    let mut at = start;
    while at < end {
        let stop = bytes::slice_end(at, end);
        let slice = read(transfer, turn, at, stop).await?;
        part.set(&slice, length(at - start)?);
        at = stop;
    }
    Ok(part)
}

async fn read(transfer: &Transfer, turn: u32, start: u64, end: u64) -> Result<Uint8Array, Trouble> {
    let Some(file) = transfer.file.borrow().clone() else { return Err(unreadable()) };
    let slice = bytes::read(&file, start, end).await;
    still(transfer, turn)?;
    let slice = slice.ok_or_else(unreadable)?;
    transfer.digest.borrow_mut().take(start, &slice);
    Ok(slice)
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
