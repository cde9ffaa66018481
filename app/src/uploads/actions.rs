//! The user's actions on transfers: pause, resume, cancel and remove.

use leptos::{server_fn::ServerFn, task::spawn_local};
use web_sys::File;

use super::{
    file_bytes::{FileDigest, file_fingerprint},
    manager::{UploadManager, if_alive},
    requests::CancelUpload,
    transfer::{Stage, Transfer},
    transport::call_with_form,
};
use crate::ui::ToastKind;

/// An action of a button in the dock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum UploadAction {
    /// Stops the transfer, so that it can be resumed.
    Pause,
    /// Resumes a paused transfer, retries a failed one, or reconnects at once.
    Resume,
    /// Cancels the transfer, or removes a completed one from the list.
    Remove,
}

impl UploadManager {
    /// Applies an action to one transfer.
    pub(super) fn apply_action(&self, key: u64, action: UploadAction) {
        if let Some(transfer) = self.find_transfer(key) {
            self.apply_action_to(&transfer, action);
            self.schedule_and_publish();
        }
    }

    /// Applies an action to all transfers that it is useful for. Interrupted ones have to be resumed or canceled one by one.
    pub(super) fn apply_action_to_all(&self, action: UploadAction) {
        let transfers = self.transfers.borrow().clone();
        for transfer in transfers {
            let applies = match transfer.stage() {
                Stage::Interrupted(_) | Stage::Finishing => false,
                Stage::Paused => action != UploadAction::Pause,
                Stage::Failed(_) | Stage::Stored(_) => action == UploadAction::Remove,
                Stage::WaitingToRetry => true,
                Stage::Waiting | Stage::Verifying(_) | Stage::Sending => action != UploadAction::Resume,
            };
            if applies {
                self.apply_action_to(&transfer, action);
            }
        }
        self.schedule_and_publish();
    }

    fn apply_action_to(&self, transfer: &Transfer, action: UploadAction) {
        match (action, transfer.stage()) {
            (UploadAction::Pause, stage) if stage.is_busy() && stage != Stage::Finishing => {
                transfer.stop();
                transfer.set_stage(Stage::Paused);
                self.announce(format!("{} paused.", transfer.name));
            }
            (UploadAction::Resume, Stage::WaitingToRetry) => transfer.retry_now(),
            (UploadAction::Resume, Stage::Paused | Stage::Failed(_)) => {
                if transfer.upload.get().is_none() {
                    // The upload starts over, and the file may have changed since it was hashed.
                    transfer.digest.replace(FileDigest::default());
                }
                transfer.set_stage(Stage::Waiting);
            }
            (UploadAction::Remove, stage) if stage != Stage::Finishing => {
                transfer.stop();
                self.remove_transfer(transfer.key);
                if !matches!(stage, Stage::Stored(_)) {
                    self.announce(format!("{} canceled.", transfer.name));
                    self.discard(transfer);
                }
            }
            _ => {}
        }
    }

    /// Tells the server to discard the received bytes.
    fn discard(&self, transfer: &Transfer) {
        let Some(id) = transfer.upload.take() else { return };
        self.tab_sync.release(Some(id));
        let (weak, name) = (self.weak_self.clone(), transfer.name.clone());
        spawn_local(async move {
            if call_with_form::<()>(CancelUpload::PATH, &[("id", &id.to_string())]).await.is_err() {
                if_alive(&weak, |manager| {
                    let text =
                        format!("Couldn't discard the uploaded part of {name}. Reload the page and cancel it again.");
                    manager.toasts.show(ToastKind::Warn, text);
                });
            }
        });
    }

    /// Resumes an interrupted transfer if this is its file. Otherwise shows that it is another file.
    pub(super) fn resume_if_same_file(&self, key: u64, file: File) {
        let is_interrupted = |transfer: &Transfer| matches!(transfer.stage(), Stage::Interrupted(_));
        let Some(transfer) = self.find_transfer(key).filter(|transfer| is_interrupted(transfer)) else { return };
        if file_fingerprint(&file) == transfer.fingerprint {
            self.resume_with_file(&transfer, file);
        } else {
            let text = format!(
                "{} isn't the same file, or it has changed: name, size and modification time must match. Choose the \
                 original file, or cancel and upload this one.",
                file.name()
            );
            self.announce(text.clone());
            transfer.set_stage(Stage::Interrupted(Some(text)));
        }
        self.schedule_and_publish();
    }

    /// Resumes an interrupted transfer with its file. Call [`schedule_and_publish`](Self::schedule_and_publish) afterwards.
    pub(super) fn resume_with_file(&self, transfer: &Transfer, file: File) {
        transfer.file.replace(Some(file));
        transfer.set_stage(Stage::Waiting);
        self.announce(format!("{} resumed.", transfer.name));
    }
}
