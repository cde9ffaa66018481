//! One file on its way.

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

use super::bytes::{self, Digest};

/// What a transfer is doing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// Others come first.
    Waiting,
    /// Reads again what the server has already; this many bytes are done.
    Checking(u64),
    /// Sends.
    Sending,
    /// The server does not answer; it will be asked again.
    Away,
    /// All is sent; the server compares the checksums.
    Finishing,
    /// Somebody wants it to wait.
    Paused,
    /// Refused, with the reason.
    Refused(String),
    /// Begun before this page was opened: it needs the file. After a wrong one, what was wrong.
    Interrupted(Option<String>),
    /// It is an artifact now; its SHA-256.
    Stored(String),
}

impl Stage {
    /// Whether leaving the page would interrupt it.
    pub(super) fn is_busy(&self) -> bool {
        matches!(self, Self::Waiting | Self::Checking(_) | Self::Sending | Self::Away | Self::Finishing)
    }
}

/// What is seen of a transfer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Shown {
    pub(super) stage: Stage,
    /// How many bytes have left.
    pub(super) sent: u64,
    /// In bytes a second; 0 while it is not known.
    pub(super) speed: u64,
}

/// A transfer as the dock lists it.
#[derive(Clone)]
pub(super) struct Row {
    pub(super) key: u64,
    pub(super) name: String,
    pub(super) size: u64,
    pub(super) shown: ArcRwSignal<Shown>,
}

/// One file on its way to an artifact.
pub(super) struct Transfer {
    pub(super) key: u64,
    pub(super) experiment: ExperimentId,
    pub(super) name: ArtifactName,
    pub(super) size: u64,
    pub(super) fingerprint: String,
    pub(super) replace: bool,
    pub(super) file: RefCell<Option<File>>,
    /// What the server knows it by, once it does.
    pub(super) upload: Cell<Option<UploadId>>,
    pub(super) digest: RefCell<Digest>,
    /// How many bytes the server has.
    pub(super) received: Cell<u64>,
    /// How many bytes of the part on its way have left.
    pub(super) loaded: Rc<Cell<u64>>,
    pub(super) shown: ArcRwSignal<Shown>,
    /// Whether a task works on it.
    pub(super) running: Cell<bool>,
    /// Counts how often it was stopped: a task of an earlier turn ends without a word.
    turn: Cell<u32>,
    request: RefCell<Option<XmlHttpRequest>>,
    wake: RefCell<Option<Function>>,
    /// How many bytes had left when that was measured last, and when.
    measured: Cell<(u64, f64)>,
}

impl Transfer {
    /// Of a file that was chosen.
    pub(super) fn new(key: u64, experiment: ExperimentId, name: ArtifactName, file: File, replace: bool) -> Rc<Self> {
        let (size, fingerprint) = (bytes::size(&file), bytes::fingerprint(&file));
        Rc::new(Self::made(key, experiment, name, (size, fingerprint), replace, Some(file), Stage::Waiting))
    }

    /// Of an upload that began elsewhere.
    pub(super) fn interrupted(key: u64, upload: Upload) -> Rc<Self> {
        let Upload { id, experiment, name, size, received, fingerprint, .. } = upload;
        let known = (size, fingerprint);
        // It was agreed to when it began.
        let transfer = Self::made(key, experiment, name, known, true, None, Stage::Interrupted(None));
        transfer.upload.set(Some(id));
        transfer.received.set(received);
        transfer.shown.update(|shown| shown.sent = received);
        Rc::new(transfer)
    }

    fn made(
        key: u64,
        experiment: ExperimentId,
        name: ArtifactName,
        (size, fingerprint): (u64, String),
        replace: bool,
        file: Option<File>,
        stage: Stage,
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
            shown: ArcRwSignal::new(Shown { stage, sent: 0, speed: 0 }),
            running: Cell::new(false),
            turn: Cell::new(0),
            request: RefCell::default(),
            wake: RefCell::default(),
            measured: Cell::default(),
        }
    }

    pub(super) fn row(&self) -> Row {
        Row { key: self.key, name: self.name.to_string(), size: self.size, shown: self.shown.clone() }
    }

    pub(super) fn stage(&self) -> Stage {
        self.shown.with_untracked(|shown| shown.stage.clone())
    }

    pub(super) fn is(&self, what: impl Fn(&Stage) -> bool) -> bool {
        self.shown.with_untracked(|shown| what(&shown.stage))
    }

    /// Shows that it does something else now.
    pub(super) fn set_stage(&self, stage: Stage) {
        let sent = self.sent();
        self.shown.update(|shown| *shown = Shown { stage, sent, speed: shown.speed });
    }

    /// How many bytes have left, also of the part that is on its way.
    pub(super) fn sent(&self) -> u64 {
        self.size.min(self.received.get() + self.loaded.get())
    }

    /// Shows how far it is and how fast. After a minute without a byte the request is broken off: who waits at the other
    /// end, if anybody does, is not told that the line is dead.
    pub(super) fn measure(&self, now: f64) {
        const DEAD: f64 = 60_000.0;
        if !self.is(|stage| *stage == Stage::Sending) {
            return self.measured.set((0, 0.0));
        }
        let (sent, (before, at)) = (self.sent(), self.measured.get());
        if at == 0.0 || sent < before {
            return self.measured.set((sent, now));
        }
        if sent == before {
            if now - at > DEAD {
                self.break_off();
            }
            return;
        }
        let latest = (sent - before) as f64 / ((now - at) / 1000.0).max(0.001);
        let last = self.shown.with_untracked(|shown| shown.speed) as f64;
        let speed = if last == 0.0 { latest } else { 0.75 * last + 0.25 * latest };
        self.measured.set((sent, now));
        self.shown.update(|shown| (shown.sent, shown.speed) = (sent, bytes::whole(speed)));
    }

    /// The turn that a task begins in.
    pub(super) fn turn(&self) -> u32 {
        self.turn.get()
    }

    /// Whether a task that began in this turn is to end.
    pub(super) fn is_over(&self, turn: u32) -> bool {
        self.turn.get() != turn
    }

    /// Stops whatever is done for it.
    pub(super) fn stop(&self) {
        self.turn.set(self.turn.get().wrapping_add(1));
        self.running.set(false);
        self.break_off();
        self.wake();
        self.loaded.set(0);
        self.measured.set((0, 0.0));
    }

    fn break_off(&self) {
        if let Some(request) = self.request.take() {
            _ = request.abort();
        }
    }

    /// What is broken off when it stops.
    pub(super) fn breaks_off(&self, request: XmlHttpRequest) {
        self.request.replace(Some(request));
    }

    /// Ends a rest.
    pub(super) fn wake(&self) {
        if let Some(wake) = self.wake.take() {
            _ = wake.call0(&JsValue::NULL);
        }
    }

    /// Rests for so many milliseconds, or until it is woken.
    pub(super) async fn rest(&self, milliseconds: i32) {
        let rested = Promise::new(&mut |resolve, _| {
            _ = window().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, milliseconds);
            self.wake.replace(Some(resolve));
        });
        _ = JsFuture::from(rested).await;
    }
}
