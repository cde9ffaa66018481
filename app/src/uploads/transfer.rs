//! The state of one file's upload.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use domain::{
    artifacts::{ArtifactName, Upload},
    ids::{ExperimentId, UploadId},
};
use js_sys::{Function, Promise};
use leptos::prelude::*;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::{File, XmlHttpRequest};

use super::file_bytes::{FileDigest, f64_to_u64, file_fingerprint, file_size};

/// The stage of a transfer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// Queued behind other transfers.
    Waiting,
    /// Hashes the bytes that the server has; this many are done.
    Verifying(u64),
    /// Sends bytes.
    Sending,
    /// The last request failed temporarily. Waits before the next attempt.
    WaitingToRetry,
    /// All bytes are sent. The server compares the checksums.
    Finishing,
    /// Paused by the user.
    Paused,
    /// Failed, for this reason.
    Failed(String),
    /// Begun before this page was opened, and needs its file to resume. `Some` is why the last picked file was rejected.
    Interrupted(Option<String>),
    /// Stored as an artifact with this SHA-256.
    Stored(String),
}

impl Stage {
    /// Returns whether leaving the page would interrupt the transfer.
    pub(super) fn is_busy(&self) -> bool {
        matches!(self, Self::Waiting | Self::Verifying(_) | Self::Sending | Self::WaitingToRetry | Self::Finishing)
    }
}

/// The visible state of a transfer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TransferState {
    pub(super) stage: Stage,
    /// How many bytes are sent.
    pub(super) sent: u64,
    /// The speed in bytes per second; 0 while unknown.
    pub(super) speed: u64,
}

/// A transfer as an item of the dock.
#[derive(Clone)]
pub(super) struct TransferItem {
    pub(super) key: u64,
    pub(super) name: String,
    /// The size of the file in bytes.
    pub(super) size: u64,
    pub(super) state: ArcRwSignal<TransferState>,
}

/// The upload of one file to an artifact.
pub(super) struct Transfer {
    /// Identifies the transfer on this page.
    pub(super) key: u64,
    pub(super) experiment: ExperimentId,
    pub(super) name: ArtifactName,
    /// The size of the file in bytes.
    pub(super) size: u64,
    pub(super) fingerprint: String,
    /// Whether the file may replace the content of an existing artifact.
    pub(super) replace: bool,
    pub(super) file: RefCell<Option<File>>,
    /// The id of the upload, once the server has begun it.
    pub(super) upload: Cell<Option<UploadId>>,
    pub(super) digest: RefCell<FileDigest>,
    /// How many bytes the server has.
    pub(super) received: Cell<u64>,
    /// How many bytes of the current part are sent.
    pub(super) loaded: Rc<Cell<u64>>,
    pub(super) state: ArcRwSignal<TransferState>,
    /// Whether a task works on the transfer.
    pub(super) running: Cell<bool>,
    /// Counts how often the transfer was stopped. A task of an earlier generation ends silently.
    generation: Cell<u32>,
    request: RefCell<Option<XmlHttpRequest>>,
    /// Ends the wait before the next attempt.
    end_wait: RefCell<Option<Function>>,
    /// The bytes sent at the last measurement, and its time in milliseconds.
    last_measurement: Cell<(u64, f64)>,
}

impl Transfer {
    /// Creates a transfer of a file that was picked.
    pub(super) fn from_file(
        key: u64,
        experiment: ExperimentId,
        name: ArtifactName,
        file: File,
        replace: bool,
    ) -> Rc<Self> {
        let identity = (file_size(&file), file_fingerprint(&file));
        Rc::new(Self::in_stage(Stage::Waiting, key, experiment, name, identity, replace, Some(file)))
    }

    /// Creates a transfer of an upload that was begun before this page was opened.
    pub(super) fn interrupted(key: u64, upload: Upload) -> Rc<Self> {
        let Upload { id, experiment, name, size, received, fingerprint, .. } = upload;
        let identity = (size, fingerprint.as_str().to_owned());
        // The user agreed to replace an artifact when the upload began.
        let transfer = Self::in_stage(Stage::Interrupted(None), key, experiment, name, identity, true, None);
        transfer.upload.set(Some(id));
        transfer.received.set(received);
        transfer.state.update(|state| state.sent = received);
        Rc::new(transfer)
    }

    fn in_stage(
        stage: Stage,
        key: u64,
        experiment: ExperimentId,
        name: ArtifactName,
        (size, fingerprint): (u64, String),
        replace: bool,
        file: Option<File>,
    ) -> Self {
        Self {
            key,
            experiment,
            name,
            size,
            fingerprint,
            replace,
            file: RefCell::new(file),
            upload: Cell::new(None),
            digest: RefCell::default(),
            received: Cell::new(0),
            loaded: Rc::default(),
            state: ArcRwSignal::new(TransferState { stage, sent: 0, speed: 0 }),
            running: Cell::new(false),
            generation: Cell::new(0),
            request: RefCell::default(),
            end_wait: RefCell::default(),
            last_measurement: Cell::default(),
        }
    }

    pub(super) fn item(&self) -> TransferItem {
        TransferItem { key: self.key, name: self.name.to_string(), size: self.size, state: self.state.clone() }
    }

    pub(super) fn stage(&self) -> Stage {
        self.state.with_untracked(|state| state.stage.clone())
    }

    pub(super) fn stage_matches(&self, predicate: impl Fn(&Stage) -> bool) -> bool {
        self.state.with_untracked(|state| predicate(&state.stage))
    }

    pub(super) fn set_stage(&self, stage: Stage) {
        let sent = self.sent();
        self.state.update(|state| *state = TransferState { stage, sent, speed: state.speed });
    }

    /// Returns how many bytes are sent, including those of the current part.
    pub(super) fn sent(&self) -> u64 {
        self.size.min(self.received.get() + self.loaded.get())
    }

    /// Updates progress and speed. `now` is in milliseconds.
    ///
    /// Aborts the request after a minute without progress: browsers do not report a dead connection.
    pub(super) fn update_speed(&self, now: f64) {
        const TIMEOUT: f64 = 60_000.0;
        if !self.stage_matches(|stage| *stage == Stage::Sending) {
            return self.last_measurement.set((0, 0.0));
        }
        let (sent, (sent_before, measured_at)) = (self.sent(), self.last_measurement.get());
        if measured_at == 0.0 || sent < sent_before {
            return self.last_measurement.set((sent, now));
        }
        if sent == sent_before {
            if now - measured_at > TIMEOUT {
                self.abort_request();
            }
            return;
        }
        let latest = (sent - sent_before) as f64 / ((now - measured_at) / 1000.0).max(0.001);
        let average = self.state.with_untracked(|state| state.speed) as f64;
        let speed = if average == 0.0 { latest } else { 0.75 * average + 0.25 * latest };
        self.last_measurement.set((sent, now));
        self.state.update(|state| (state.sent, state.speed) = (sent, f64_to_u64(speed)));
    }

    /// Returns the current generation, for [`is_stale`](Self::is_stale).
    pub(super) fn generation(&self) -> u32 {
        self.generation.get()
    }

    /// Returns whether the transfer was stopped since this generation. The task that began in it must end then.
    pub(super) fn is_stale(&self, generation: u32) -> bool {
        self.generation.get() != generation
    }

    /// Stops the transfer's task and its request.
    pub(super) fn stop(&self) {
        self.generation.set(self.generation.get().wrapping_add(1));
        self.running.set(false);
        self.abort_request();
        self.retry_now();
        self.loaded.set(0);
        self.last_measurement.set((0, 0.0));
    }

    fn abort_request(&self) {
        if let Some(request) = self.request.take() {
            _ = request.abort();
        }
    }

    /// Sets the request that is aborted when the transfer stops.
    pub(super) fn set_request(&self, request: XmlHttpRequest) {
        self.request.replace(Some(request));
    }

    /// Ends the wait before the next attempt.
    pub(super) fn retry_now(&self) {
        if let Some(end_wait) = self.end_wait.take() {
            _ = end_wait.call0(&JsValue::NULL);
        }
    }

    /// Waits this many milliseconds, or until [`retry_now`](Self::retry_now).
    pub(super) async fn wait_before_retry(&self, milliseconds: i32) {
        let wait = Promise::new(&mut |resolve, _| {
            _ = window().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, milliseconds);
            self.end_wait.replace(Some(resolve));
        });
        _ = JsFuture::from(wait).await;
    }
}
