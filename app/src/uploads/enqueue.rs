//! Turns files that were picked or dropped into transfers.

use std::rc::Rc;

use domain::{artifacts::ArtifactName, format, ids::ExperimentId};
use leptos::{server_fn::ServerFn, task::spawn_local};
use web_sys::File;

use super::{
    conflicts::{ConflictBatch, NameConflict},
    file_bytes::file_fingerprint,
    manager::{UploadManager, if_alive},
    pick::PickedFile,
    requests::FreeNames,
    transfer::{Stage, Transfer},
    transport::call_with_form,
};
use crate::{AppError, ui::ToastKind};

/// How many names one request checks.
const NAMES_PER_REQUEST: usize = 500;

type NamedFile = (ArtifactName, File);

impl UploadManager {
    /// Uploads files, each as an artifact of its name. Resumes interrupted uploads of the same files, and asks the user about
    /// names that are already used.
    pub(super) fn enqueue(&self, experiment: ExperimentId, files: Vec<PickedFile>) {
        let files: Vec<NamedFile> =
            files.into_iter().filter_map(|file| self.accept_new_file(experiment, file)).collect();
        self.schedule_and_publish();
        if files.is_empty() {
            return;
        }
        let weak = self.weak_self.clone();
        spawn_local(async move {
            let free_names = find_free_names(experiment, &files).await;
            if_alive(&weak, |manager| match free_names {
                Ok(free_names) => manager.enqueue_named(experiment, files, free_names),
                Err(error) => {
                    let text = format!("Nothing was uploaded. {} Choose the files again.", error.sentence());
                    manager.toasts.show(ToastKind::Error, text);
                }
            });
        });
    }

    /// Uploads a file as a new version of an artifact; with `confirm`, only after asking the user.
    pub(super) fn replace_artifact(&self, experiment: ExperimentId, name: ArtifactName, file: File, confirm: bool) {
        if confirm {
            let conflict = NameConflict { name, free_name: file.name(), file };
            self.ask_about_conflicts(ConflictBatch {
                experiment,
                free: Vec::new(),
                conflicts: vec![conflict],
                dropped_onto: true,
            });
        } else {
            self.begin_uploads(experiment, vec![(name, file, true)]);
        }
    }

    /// Adds files to the queue and starts as many as possible. Each file has its name and whether it replaces the artifact
    /// of that name.
    pub(super) fn begin_uploads(&self, experiment: ExperimentId, files: Vec<(ArtifactName, File, bool)>) {
        if files.is_empty() {
            return;
        }
        self.announce(format!("Uploading {}.", format::count(files.len(), "file")));
        for (name, file, replace) in files {
            self.add_transfer(experiment, name, file, replace);
        }
        self.schedule_and_publish();
    }

    /// Returns the file with its validated name, or `None` if the name is invalid or the file already has a transfer. An
    /// interrupted transfer of the same file is resumed.
    fn accept_new_file(&self, experiment: ExperimentId, PickedFile { name, file }: PickedFile) -> Option<NamedFile> {
        let name = match ArtifactName::parse(&name) {
            Ok(name) => name,
            Err(error) => {
                let reason = AppError::from(error).sentence();
                self.toasts.show(ToastKind::Error, format!("{name} wasn't uploaded. {reason}"));
                return None;
            }
        };
        let fingerprint = file_fingerprint(&file);
        let is_same = |transfer: &&Rc<Transfer>| {
            transfer.experiment == experiment
                && transfer.name == name
                && transfer.fingerprint == fingerprint
                && !transfer.stage_matches(|stage| matches!(stage, Stage::Stored(_)))
        };
        let known = self.transfers.borrow().iter().find(is_same).cloned();
        let Some(known) = known else { return Some((name, file)) };
        if known.stage_matches(|stage| matches!(stage, Stage::Interrupted(_))) {
            self.resume_with_file(&known, file);
        } else {
            self.toasts.show(ToastKind::Info, format!("{name} is already in the list of uploads."));
        }
        None
    }

    /// Begins uploads, or asks the user first if some names are already used. `free_names` has `None` for each name that is
    /// free, and otherwise a similar name that is.
    fn enqueue_named(&self, experiment: ExperimentId, files: Vec<NamedFile>, free_names: Vec<Option<String>>) {
        let mut batch = ConflictBatch { experiment, free: Vec::new(), conflicts: Vec::new(), dropped_onto: false };
        for ((name, file), free_name) in files.into_iter().zip(free_names) {
            match free_name {
                None => batch.free.push((name, file)),
                Some(free_name) => batch.conflicts.push(NameConflict { name, file, free_name }),
            }
        }
        if batch.conflicts.is_empty() {
            let files = batch.free.into_iter().map(|(name, file)| (name, file, false)).collect();
            self.begin_uploads(experiment, files);
        } else {
            self.ask_about_conflicts(batch);
        }
    }
}

/// Returns for each file `None` if its name is free, and otherwise a similar name that is.
async fn find_free_names(experiment: ExperimentId, files: &[NamedFile]) -> Result<Vec<Option<String>>, AppError> {
    let mut free_names = Vec::with_capacity(files.len());
    for files in files.chunks(NAMES_PER_REQUEST) {
        let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
        let fields = [("experiment", &*experiment.to_string()), ("names", &*names.join("\n"))];
        free_names.extend(call_with_form::<Vec<Option<String>>>(FreeNames::PATH, &fields).await?);
    }
    Ok(free_names)
}

/// Returns a free name similar to this one, or the name itself if it is free or the request fails.
pub(super) async fn find_free_name(experiment: ExperimentId, name: &ArtifactName) -> String {
    let fields = [("experiment", &*experiment.to_string()), ("names", name.as_str())];
    let free_names = call_with_form::<Vec<Option<String>>>(FreeNames::PATH, &fields).await.unwrap_or_default();
    free_names.into_iter().flatten().next().unwrap_or_else(|| name.to_string())
}
