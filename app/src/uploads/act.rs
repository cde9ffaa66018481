//! What the reader does with transfers: stop them, let them go on, give them up.

use leptos::{server_fn::ServerFn, task::spawn_local};
use web_sys::File;

use super::{
    bytes::{self, Digest},
    desk::Desk,
    requests::CancelUpload,
    send::call,
    transfer::{Stage, Transfer},
};

/// What a button of the dock does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Act {
    /// Stops it where it is.
    Pause,
    /// Goes on, tries again, or asks the server now.
    GoOn,
    /// Gives it up, or takes what has ended out of the list.
    Remove,
}

impl Desk {
    /// Does it to one transfer.
    pub(super) fn act(&self, key: u64, act: Act) {
        if let Some(transfer) = self.find(key) {
            self.act_on(&transfer, act);
            self.changed();
        }
    }

    /// Does it to all for which it makes sense.
    pub(super) fn act_on_all(&self, act: Act) {
        let list = self.list.borrow().clone();
        for transfer in list {
            let fits = match transfer.stage() {
                Stage::Interrupted(_) => false,
                Stage::Finishing => false,
                Stage::Paused => act != Act::Pause,
                Stage::Refused(_) | Stage::Stored(_) => act == Act::Remove,
                Stage::Away => true,
                Stage::Waiting | Stage::Checking(_) | Stage::Sending => act != Act::GoOn,
            };
            if fits {
                self.act_on(&transfer, act);
            }
        }
        self.changed();
    }

    fn act_on(&self, transfer: &Transfer, act: Act) {
        match (act, transfer.stage()) {
            (Act::Pause, stage) if stage.is_busy() && stage != Stage::Finishing => {
                transfer.stop();
                transfer.set_stage(Stage::Paused);
                self.say(format!("{} is paused.", transfer.name));
            }
            (Act::GoOn, Stage::Away) => transfer.wake(),
            (Act::GoOn, Stage::Paused | Stage::Refused(_)) => {
                if transfer.upload.get().is_none() {
                    // What was hashed before may not be what is sent now.
                    transfer.digest.replace(Digest::default());
                }
                transfer.set_stage(Stage::Waiting);
            }
            (Act::Remove, stage) if stage != Stage::Finishing => {
                transfer.stop();
                self.remove(transfer.key);
                if !matches!(stage, Stage::Stored(_)) {
                    self.say(format!("{} is canceled.", transfer.name));
                    self.discard(transfer);
                }
            }
            _ => {}
        }
    }

    /// Has the server throw away what arrived.
    pub(super) fn discard(&self, transfer: &Transfer) {
        let Some(id) = transfer.upload.take() else { return };
        self.others.let_go(Some(id));
        let (this, name) = (self.this.clone(), transfer.name.clone());
        spawn_local(async move {
            if call::<()>(CancelUpload::PATH, &[("id", &id.to_string())]).await.is_err() {
                super::desk::with(&this, |desk| {
                    let text = format!(
                        "What was sent of {name} could not be thrown away. It can be when this page is opened again."
                    );
                    desk.toasts.show(crate::ui::ToastKind::Warn, text);
                });
            }
        });
    }

    /// Goes on with an interrupted upload, if this is its file.
    pub(super) fn go_on_with(&self, key: u64, file: File) {
        let Some(transfer) = self.find(key).filter(|transfer| matches!(transfer.stage(), Stage::Interrupted(_))) else {
            return;
        };
        if bytes::fingerprint(&file) == transfer.fingerprint {
            self.take_up(&transfer, file);
        } else {
            let text = format!(
                "{} is another file, or it was changed since: name, size and time of change must be the same. Choose the \
                 same file, or cancel and upload this one.",
                file.name()
            );
            self.say(text.clone());
            transfer.set_stage(Stage::Interrupted(Some(text)));
        }
        self.changed();
    }

    /// Goes on with an interrupted upload whose file this is.
    pub(super) fn take_up(&self, transfer: &Transfer, file: File) {
        transfer.file.replace(Some(file));
        transfer.set_stage(Stage::Waiting);
        self.say(format!("{} goes on.", transfer.name));
    }
}
