//! Unfinished uploads that were begun before this page was opened.

use std::{rc::Rc, time::Duration};

use domain::{artifacts::Upload, ids::ExperimentId};
use leptos::{prelude::set_timeout, task::spawn_local};

use super::{
    manager::{UploadManager, if_alive},
    requests::LoadUploads,
    transfer::{Stage, Transfer},
};
use crate::server_fn_client::call_server_fn;

/// How long other tabs have to claim their uploads.
const CLAIM_TIME: Duration = Duration::from_millis(150);

impl UploadManager {
    /// Lists the user's unfinished uploads to the open experiment as interrupted transfers.
    pub(super) fn load_unfinished(&self) {
        let (Some(experiment), weak) = (self.experiment.get(), self.weak_self.clone()) else { return };
        self.tab_sync.request_claims();
        let load = move || {
            spawn_local(async move {
                // Errors are ignored, because the user did not request this.
                if let Ok(uploads) = call_server_fn(LoadUploads { experiment }).await {
                    if_alive(&weak, |manager| manager.merge_unfinished(experiment, uploads));
                }
            });
        };
        set_timeout(load, CLAIM_TIME);
    }

    fn merge_unfinished(&self, experiment: ExperimentId, uploads: Vec<Upload>) {
        // The list may contain an upload that the server is just beginning for one of our transfers, whose id we do not know
        // yet.
        let is_beginning = |transfer: &Rc<Transfer>| {
            let is_requesting =
                transfer.running.get() && transfer.stage_matches(|stage| *stage != Stage::WaitingToRetry);
            transfer.experiment == experiment && is_requesting && transfer.upload.get().is_none()
        };
        if self.transfers.borrow().iter().any(is_beginning) {
            return self.load_unfinished();
        }
        let is_interrupted_here = |transfer: &Transfer| {
            transfer.experiment == experiment && transfer.stage_matches(|stage| matches!(stage, Stage::Interrupted(_)))
        };
        self.transfers.borrow_mut().retain(|transfer| {
            !is_interrupted_here(transfer) || uploads.iter().any(|upload| transfer.upload.get() == Some(upload.id))
        });
        for upload in uploads {
            let is_known = self.transfers.borrow().iter().any(|transfer| transfer.upload.get() == Some(upload.id));
            if !is_known && !self.tab_sync.is_claimed_by_other(upload.id) {
                let transfer = Transfer::interrupted(self.next_key(), upload);
                self.transfers.borrow_mut().push(transfer);
            }
        }
        self.schedule_and_publish();
    }

    /// Removes interrupted transfers that another tab has resumed.
    pub(super) fn drop_claimed_by_other_tabs(&self) {
        let is_claimed = |transfer: &Transfer| {
            transfer.stage_matches(|stage| matches!(stage, Stage::Interrupted(_)))
                && transfer.upload.get().is_some_and(|id| self.tab_sync.is_claimed_by_other(id))
        };
        self.transfers.borrow_mut().retain(|transfer| !is_claimed(transfer));
        self.schedule_and_publish();
    }
}
