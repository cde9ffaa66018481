//! The queue of name conflicts that wait for the user's decision.

use leptos::{prelude::*, task::spawn_local};

use super::{
    conflicts::{ConflictBatch, ConflictResolution, NameConflict},
    enqueue::find_free_name,
    manager::{UploadManager, if_alive},
    transfer::{Stage, Transfer},
};

impl UploadManager {
    /// Asks the user about the conflicts of a batch, after those of earlier batches.
    pub(super) fn ask_about_conflicts(&self, batch: ConflictBatch) {
        self.conflict_batches.borrow_mut().push_back(batch);
        self.show_next_question();
    }

    /// Asks the user about a file whose name was taken only after its upload began.
    pub(super) fn ask_about_late_conflict(&self, transfer: &Transfer) {
        let Some(file) = transfer.file.take() else {
            return transfer.set_stage(Stage::Interrupted(None));
        };
        self.tab_sync.release(transfer.upload.get());
        self.remove_transfer(transfer.key);
        let name = transfer.name.clone();
        let weak = self.weak_self.clone();
        let experiment = transfer.experiment;
        spawn_local(async move {
            let free_name = find_free_name(experiment, &name).await;
            if_alive(&weak, |manager| {
                let conflicts = vec![NameConflict { name, file, free_name }];
                manager.ask_about_conflicts(ConflictBatch {
                    experiment,
                    free: Vec::new(),
                    conflicts,
                    dropped_onto: false,
                });
            });
        });
    }

    fn show_next_question(&self) {
        let question = self.conflict_batches.borrow().front().map(ConflictBatch::question);
        if self.context.question.with_untracked(|shown| *shown != question) {
            self.context.question.set(question);
        }
    }

    /// Applies the user's decisions, one per conflict, to the first batch and begins its uploads. `None` cancels the whole
    /// batch.
    ///
    /// # Errors
    /// Returns a message for the user if a new name is invalid. The question stays open then.
    pub(super) fn resolve_conflicts(&self, resolutions: Option<&[ConflictResolution]>) -> Result<(), String> {
        let Some(batch) = self.conflict_batches.borrow_mut().pop_front() else { return Ok(()) };
        let files = match resolutions.map(|resolutions| batch.apply(resolutions)) {
            Some(Err(message)) => {
                self.conflict_batches.borrow_mut().push_front(batch);
                return Err(message);
            }
            Some(Ok(files)) => files,
            None => Vec::new(),
        };
        self.context.question.set(None);
        self.begin_uploads(batch.experiment, files);
        self.show_next_question();
        Ok(())
    }
}
