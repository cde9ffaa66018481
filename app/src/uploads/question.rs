//! What is asked before a file takes a name that is taken.

use domain::{artifacts::ArtifactName, format, ids::ExperimentId};
use leptos::prelude::*;
use web_sys::File;

use super::{
    desk::Desk,
    transfer::{Stage, Transfer},
};

/// A file whose name is taken.
pub(super) struct Taken {
    pub(super) name: ArtifactName,
    pub(super) file: File,
    /// A name that it could have instead.
    pub(super) other: String,
}

/// Files that wait for an answer.
pub(super) struct Batch {
    pub(super) experiment: ExperimentId,
    pub(super) free: Vec<(ArtifactName, File)>,
    pub(super) taken: Vec<Taken>,
    /// The file was dropped onto the artifact.
    pub(super) onto: bool,
}

/// What the dialog shows of a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Question {
    pub(super) text: String,
    /// The files, each with the name that is taken and one that is not.
    pub(super) files: Vec<(String, String)>,
}

/// What is done with a file whose name is taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// It becomes the artifact's content; what was there stays as an earlier version.
    Replace,
    /// It gets this name.
    Other(String),
    /// It is left out.
    Skip,
}

impl Desk {
    /// Asks about a batch, after those that were asked about before.
    pub(super) fn ask(&self, batch: Batch) {
        self.asked.borrow_mut().push_back(batch);
        self.show_question();
    }

    /// Asks about a file that met an artifact of its name only on its way.
    pub(super) fn ask_again(&self, transfer: &Transfer) {
        let Some(file) = transfer.file.take() else {
            return transfer.set_stage(Stage::Interrupted(None));
        };
        self.others.let_go(transfer.upload.get());
        self.remove(transfer.key);
        let name = transfer.name.clone();
        let this = self.this.clone();
        let experiment = transfer.experiment;
        leptos::task::spawn_local(async move {
            let other = super::offer::another(experiment, &name).await;
            super::desk::with(&this, |desk| {
                let taken = vec![Taken { name, file, other }];
                desk.ask(Batch { experiment, free: Vec::new(), taken, onto: false });
            });
        });
    }

    fn show_question(&self) {
        let question = self.asked.borrow().front().map(Batch::question);
        if self.page.question.with_untracked(|shown| *shown != question) {
            self.page.question.set(question);
        }
    }

    /// Takes the answers, one for each file, or none to upload nothing of the batch. Gives what is wrong with them.
    pub(super) fn answer(&self, answers: Option<&[Answer]>) -> Result<(), String> {
        let Some(batch) = self.asked.borrow_mut().pop_front() else { return Ok(()) };
        let files = match answers.map(|answers| batch.decide(answers)) {
            Some(Err(wrong)) => {
                self.asked.borrow_mut().push_front(batch);
                return Err(wrong);
            }
            Some(Ok(files)) => files,
            None => Vec::new(),
        };
        self.page.question.set(None);
        self.begin(batch.experiment, files);
        self.show_question();
        Ok(())
    }
}

impl Batch {
    fn question(&self) -> Question {
        let all = self.free.len() + self.taken.len();
        let text = match &*self.taken {
            [only] if self.onto => {
                format!("Shall {} take the place of what {} holds now?", only.file.name(), only.name)
            }
            [only] if all == 1 => format!("An artifact {} is here already.", only.name),
            taken if taken.len() == all => format!("Artifacts with the names of all {all} files are here already."),
            taken => format!(
                "Artifacts with the names of {} of {} are here already. The others are uploaded as they are.",
                taken.len(),
                format::count(all, "file")
            ),
        };
        let files = self.taken.iter().map(|taken| (taken.name.to_string(), taken.other.clone())).collect();
        Question { text, files }
    }

    fn decide(&self, answers: &[Answer]) -> Result<Vec<(ArtifactName, File, bool)>, String> {
        let mut files: Vec<_> = self.free.iter().map(|(name, file)| (name.clone(), file.clone(), false)).collect();
        for (taken, answer) in self.taken.iter().zip(answers) {
            match answer {
                Answer::Replace => files.push((taken.name.clone(), taken.file.clone(), true)),
                Answer::Other(name) => {
                    let name = ArtifactName::parse(name).map_err(|error| crate::AppError::from(error).sentence())?;
                    files.push((name, taken.file.clone(), false));
                }
                Answer::Skip => {}
            }
        }
        Ok(files)
    }
}
