//! From files that were chosen or dropped to transfers.

use std::rc::Rc;

use domain::{artifacts::ArtifactName, format, ids::ExperimentId};
use leptos::{server_fn::ServerFn, task::spawn_local};

use super::{
    bytes,
    desk::{Desk, with},
    pick::Chosen,
    question::{Batch, Taken},
    requests::FreeNames,
    send::call,
    transfer::{Stage, Transfer},
};
use crate::{AppError, ui::ToastKind};

/// How many names are asked about at once.
const NAMES: usize = 500;

impl Desk {
    /// Uploads these files, each as an artifact of its name. What was interrupted goes on; about names that are taken the
    /// reader is asked first.
    pub(super) fn offer(&self, experiment: ExperimentId, files: Vec<Chosen>) {
        let files: Vec<Named> = files.into_iter().filter_map(|file| self.fresh(experiment, file)).collect();
        self.changed();
        if files.is_empty() {
            return;
        }
        let this = self.this.clone();
        spawn_local(async move {
            let checked = check(experiment, &files).await;
            with(&this, |desk| match checked {
                Ok(others) => desk.sort(experiment, files, others),
                Err(error) => {
                    let text = format!("Nothing is uploaded yet: {} Choose the files again.", error.sentence());
                    desk.toasts.show(ToastKind::Bad, text);
                }
            });
        });
    }

    /// Uploads a file as the new content of an artifact: at once, because that was asked for, or after asking.
    pub(super) fn replace(&self, experiment: ExperimentId, name: ArtifactName, file: web_sys::File, ask: bool) {
        if ask {
            let taken = Taken { name, other: file.name(), file };
            self.ask(Batch { experiment, free: Vec::new(), taken: vec![taken], onto: true });
        } else {
            self.begin(experiment, vec![(name, file, true)]);
        }
    }

    /// Puts files in the row and begins.
    pub(super) fn begin(&self, experiment: ExperimentId, files: Vec<(ArtifactName, web_sys::File, bool)>) {
        if files.is_empty() {
            return;
        }
        self.say(format!("Uploading {}.", format::count(files.len(), "file")));
        for (name, file, replace) in files {
            self.add(experiment, name, file, replace);
        }
        self.changed();
    }

    /// The file with its name, unless there is something else to do with it.
    fn fresh(&self, experiment: ExperimentId, Chosen { name, file }: Chosen) -> Option<Named> {
        let name = match ArtifactName::parse(&name) {
            Ok(name) => name,
            Err(error) => {
                let text = AppError::Invalid(error.to_string()).sentence();
                self.toasts.show(ToastKind::Bad, format!("{name} is not uploaded. {text}"));
                return None;
            }
        };
        let fingerprint = bytes::fingerprint(&file);
        let same = |transfer: &&Rc<Transfer>| {
            transfer.experiment == experiment
                && transfer.name == name
                && transfer.fingerprint == fingerprint
                && !transfer.is(|stage| matches!(stage, Stage::Stored(_)))
        };
        let known = self.list.borrow().iter().find(same).cloned();
        let Some(known) = known else { return Some((name, file)) };
        if known.is(|stage| matches!(stage, Stage::Interrupted(_))) {
            self.take_up(&known, file);
        } else {
            self.toasts.show(ToastKind::Info, format!("{name} is in the list of uploads already."));
        }
        None
    }

    fn sort(&self, experiment: ExperimentId, files: Vec<Named>, others: Vec<Option<String>>) {
        let mut batch = Batch { experiment, free: Vec::new(), taken: Vec::new(), onto: false };
        for ((name, file), other) in files.into_iter().zip(others) {
            match other {
                None => batch.free.push((name, file)),
                Some(other) => batch.taken.push(Taken { name, other, file }),
            }
        }
        if batch.taken.is_empty() {
            let free = batch.free.into_iter().map(|(name, file)| (name, file, false)).collect();
            self.begin(experiment, free);
        } else {
            self.ask(batch);
        }
    }
}

type Named = (ArtifactName, web_sys::File);

/// For each file a name that is free where its own is not.
async fn check(experiment: ExperimentId, files: &[Named]) -> Result<Vec<Option<String>>, AppError> {
    let mut others = Vec::with_capacity(files.len());
    for files in files.chunks(NAMES) {
        let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
        let fields = [("experiment", &*experiment.to_string()), ("names", &*names.join("\n"))];
        others.extend(call::<Vec<Option<String>>>(FreeNames::PATH, &fields).await?);
    }
    Ok(others)
}

/// A name like this one that is free, or this one if it is not known whether it is.
pub(super) async fn another(experiment: ExperimentId, name: &ArtifactName) -> String {
    let fields = [("experiment", &*experiment.to_string()), ("names", name.as_str())];
    let others = call::<Vec<Option<String>>>(FreeNames::PATH, &fields).await.unwrap_or_default();
    others.into_iter().flatten().next().unwrap_or_else(|| name.to_string())
}
