//! Upload manager: owns all uploads on the page, runs up to three at once, and publishes their state.
//!
//! It lives as long as the frame around all pages, so that uploads continue while the user visits other pages. It exists in
//! the browser only.

use std::{
    cell::{Cell, RefCell},
    collections::VecDeque,
    rc::{Rc, Weak},
};

use domain::{
    artifacts::ArtifactName,
    format,
    ids::{ExperimentId, UploadId},
};
use leptos::{prelude::*, task::spawn_local};
use web_sys::File;

use super::{
    conflicts::ConflictBatch,
    context::UploadsContext,
    tab_sync::{TabCallbacks, TabSync},
    transfer::{Stage, Transfer, TransferItem},
    transfer_summary::TransferSummary,
    unload_guard::UnloadGuard,
    upload_task::{UploadError, upload_file},
};
use crate::ui::Toaster;

/// How many files are sent at once.
const MAX_RUNNING: usize = 3;
/// How many transfers the dock lists. The others are only counted.
const MAX_LISTED: usize = 100;

/// The upload manager. See the module.
pub(super) struct UploadManager {
    pub(super) weak_self: Weak<Self>,
    pub(super) context: UploadsContext,
    pub(super) toasts: Toaster,
    pub(super) transfers: RefCell<Vec<Rc<Transfer>>>,
    /// Batches with name conflicts that the user has to resolve. The dialog shows the first.
    pub(super) conflict_batches: RefCell<VecDeque<ConflictBatch>>,
    pub(super) tab_sync: TabSync,
    /// The experiment whose page is open.
    pub(super) experiment: Cell<Option<ExperimentId>>,
    last_key: Cell<u64>,
    unload_guard: UnloadGuard,
}

/// Calls `command` with the manager, unless it is closed.
pub(super) fn if_alive(manager: &Weak<UploadManager>, command: impl FnOnce(&UploadManager)) {
    if let Some(manager) = manager.upgrade() {
        command(&manager);
    }
}

impl UploadManager {
    pub(super) fn open(context: UploadsContext, toasts: Toaster) -> Rc<Self> {
        Rc::new_cyclic(|weak: &Weak<Self>| {
            let (own, claimed, released) = (weak.clone(), weak.clone(), weak.clone());
            let tab_sync = TabSync::open(TabCallbacks {
                own_uploads: Rc::new(move || own.upgrade().map(|manager| manager.own_uploads()).unwrap_or_default()),
                on_claimed: Box::new(move || if_alive(&claimed, Self::drop_claimed_by_other_tabs)),
                on_released: Rc::new(move || if_alive(&released, Self::load_unfinished)),
            });
            Self {
                weak_self: weak.clone(),
                context,
                toasts,
                transfers: RefCell::default(),
                conflict_batches: RefCell::default(),
                tab_sync,
                experiment: Cell::new(None),
                last_key: Cell::new(0),
                unload_guard: UnloadGuard::default(),
            }
        })
    }

    pub(super) fn close(&self) {
        self.for_each_transfer(Transfer::stop);
        self.tab_sync.close(&self.own_uploads());
        self.unload_guard.set_active(false);
    }

    pub(super) fn for_each_transfer(&self, mut callback: impl FnMut(&Transfer)) {
        self.transfers.borrow().iter().for_each(|transfer| callback(transfer));
    }

    pub(super) fn find_transfer(&self, key: u64) -> Option<Rc<Transfer>> {
        self.transfers.borrow().iter().find(|transfer| transfer.key == key).cloned()
    }

    /// Announces a text to assistive technology.
    pub(super) fn announce(&self, text: impl Into<String>) {
        self.context.announcement.try_set(text.into());
    }

    pub(super) fn next_key(&self) -> u64 {
        self.last_key.set(self.last_key.get() + 1);
        self.last_key.get()
    }

    /// Adds a file to the queue. Call [`schedule_and_publish`](Self::schedule_and_publish) afterwards.
    pub(super) fn add_transfer(&self, experiment: ExperimentId, name: ArtifactName, file: File, replace: bool) {
        let transfer = Transfer::from_file(self.next_key(), experiment, name, file, replace);
        self.transfers.borrow_mut().push(transfer);
    }

    /// Removes a transfer from the list. Call [`schedule_and_publish`](Self::schedule_and_publish) afterwards.
    pub(super) fn remove_transfer(&self, key: u64) {
        self.transfers.borrow_mut().retain(|transfer| transfer.key != key);
    }

    /// Starts waiting transfers and publishes the state. Call it after transfers were added, removed, stopped or completed.
    pub(super) fn schedule_and_publish(&self) {
        self.start_waiting();
        let transfers = self.transfers.borrow();
        let summary = TransferSummary::of_transfers(&transfers);
        self.unload_guard.set_active(summary.busy > 0);
        // Long lists leave out what is completed.
        let list_all = transfers.len() <= MAX_LISTED;
        let listed = transfers
            .iter()
            .filter(|transfer| list_all || !transfer.stage_matches(|stage| matches!(stage, Stage::Stored(_))));
        let items: Vec<TransferItem> = listed.take(MAX_LISTED).map(|transfer| transfer.item()).collect();
        drop(transfers);
        let unchanged = self
            .context
            .items
            .try_with_untracked(|before| before.iter().map(|item| item.key).eq(items.iter().map(|item| item.key)));
        if unchanged == Some(false) {
            self.context.items.try_set(items);
        }
        self.context.summary.try_set(summary);
    }

    fn start_waiting(&self) {
        let transfers = self.transfers.borrow().clone();
        let running = transfers.iter().filter(|transfer| transfer.running.get()).count();
        let mut free = MAX_RUNNING.saturating_sub(running);
        for transfer in transfers {
            if free == 0 {
                break;
            }
            if !transfer.running.get() && transfer.stage_matches(|stage| *stage == Stage::Waiting) {
                free -= 1;
                self.start_transfer(transfer);
            }
        }
    }

    fn start_transfer(&self, transfer: Rc<Transfer>) {
        transfer.running.set(true);
        // Set at once, because a file without bytes to verify never yields before it is sent.
        transfer.set_stage(Stage::Sending);
        let weak = self.weak_self.clone();
        spawn_local(async move {
            let (manager, generation) = (weak.clone(), transfer.generation());
            let claim = move |id| manager.upgrade().is_none_or(|manager| manager.tab_sync.claim(id));
            let result = upload_file(&transfer, claim).await;
            if !transfer.is_stale(generation) {
                if_alive(&weak, |manager| manager.complete_transfer(&transfer, result));
            }
        });
    }

    fn complete_transfer(&self, transfer: &Transfer, result: Result<String, UploadError>) {
        transfer.running.set(false);
        transfer.loaded.set(0);
        let name = transfer.name.as_str();
        match result {
            Ok(sha256) => {
                transfer.set_stage(Stage::Stored(sha256));
                // Releases the file's memory.
                transfer.file.take();
                self.tab_sync.release(transfer.upload.get());
                self.announce_stored(name);
            }
            Err(UploadError::Failed(reason)) => {
                self.tab_sync.release(transfer.upload.get());
                self.announce(format!("{name}: {reason}"));
                transfer.set_stage(Stage::Failed(reason));
            }
            Err(UploadError::NameTaken) => self.ask_about_late_conflict(transfer),
            Err(UploadError::Stopped | UploadError::Retryable) => {}
        }
        self.schedule_and_publish();
    }

    /// Announces files one by one while there are few, and many files together.
    fn announce_stored(&self, name: &str) {
        let TransferSummary { busy, stored, .. } = TransferSummary::of_transfers(&self.transfers.borrow());
        if stored == 1 || busy < MAX_RUNNING && busy > 0 {
            self.announce(format!("{name} uploaded."));
        } else if busy == 0 {
            self.announce(format!("{} uploaded.", format::count(stored, "file")));
        }
    }

    /// Updates the progress and the speed of all transfers.
    pub(super) fn update_speeds(&self) {
        let transfers = self.transfers.borrow().clone();
        if transfers.iter().any(|transfer| transfer.running.get()) {
            let now = js_sys::Date::now();
            transfers.iter().for_each(|transfer| transfer.update_speed(now));
            self.context.summary.try_set(TransferSummary::of_transfers(&transfers));
        }
    }

    /// Returns the uploads that this tab has begun or resumed.
    pub(super) fn own_uploads(&self) -> Vec<UploadId> {
        let transfers = self.transfers.borrow();
        let own = transfers.iter().filter(|transfer| {
            !transfer.stage_matches(|stage| matches!(stage, Stage::Interrupted(_) | Stage::Stored(_)))
        });
        own.filter_map(|transfer| transfer.upload.get()).collect()
    }
}
