//! Uploads that began before this page was opened and have not ended.

use std::{rc::Rc, time::Duration};

use domain::{artifacts::Upload, ids::ExperimentId};
use leptos::{prelude::set_timeout, task::spawn_local};

use super::{
    desk::{Desk, with},
    requests::LoadUploads,
    transfer::{Stage, Transfer},
};
use crate::server_fn_client::call_server_fn;

impl Desk {
    /// Reads what is unfinished here.
    pub(super) fn look(&self) {
        let (Some(experiment), this) = (self.here.get(), self.this.clone()) else { return };
        self.others.ask();
        let look = move || {
            spawn_local(async move {
                // Nobody has asked for this, so nobody is told when it fails.
                if let Ok(uploads) = call_server_fn(LoadUploads { experiment }).await {
                    with(&this, |desk| desk.found(experiment, uploads));
                }
            });
        };
        // Time for the other tabs to say what is theirs.
        set_timeout(look, Duration::from_millis(150));
    }

    fn found(&self, experiment: ExperimentId, uploads: Vec<Upload>) {
        // Among them may be what the server is just beginning for a transfer of ours, which does not know its id yet.
        let beginning = |transfer: &Rc<Transfer>| {
            let asks = transfer.running.get() && transfer.is(|stage| *stage != Stage::Away);
            transfer.experiment == experiment && asks && transfer.upload.get().is_none()
        };
        if self.list.borrow().iter().any(beginning) {
            return self.look();
        }
        let here = |transfer: &Transfer| {
            transfer.experiment == experiment && transfer.is(|stage| matches!(stage, Stage::Interrupted(_)))
        };
        self.list.borrow_mut().retain(|transfer| {
            !here(transfer) || uploads.iter().any(|upload| transfer.upload.get() == Some(upload.id))
        });
        for upload in uploads {
            let known = self.list.borrow().iter().any(|transfer| transfer.upload.get() == Some(upload.id));
            if !known && !self.others.have(upload.id) {
                let transfer = Transfer::interrupted(self.next_key(), upload);
                self.list.borrow_mut().push(transfer);
            }
        }
        self.changed();
    }

    /// Takes from the list what another tab goes on with.
    pub(super) fn leave_to_others(&self) {
        let theirs = |transfer: &Transfer| {
            transfer.is(|stage| matches!(stage, Stage::Interrupted(_)))
                && transfer.upload.get().is_some_and(|id| self.others.have(id))
        };
        self.list.borrow_mut().retain(|transfer| !theirs(transfer));
        self.changed();
    }
}
