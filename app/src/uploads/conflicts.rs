//! Name conflicts: files whose names are already used by artifacts of the experiment.

use domain::{artifacts::ArtifactName, format, ids::ExperimentId};
use web_sys::File;

use crate::AppError;

/// A file whose name is already used.
pub(super) struct NameConflict {
    pub(super) name: ArtifactName,
    pub(super) file: File,
    /// A similar name that is free.
    pub(super) free_name: String,
}

/// Files that were picked together and wait until the user resolved the conflicts.
pub(super) struct ConflictBatch {
    pub(super) experiment: ExperimentId,
    /// The files without conflicts.
    pub(super) free: Vec<(ArtifactName, File)>,
    pub(super) conflicts: Vec<NameConflict>,
    /// Whether the file was dropped onto the artifact.
    pub(super) dropped_onto: bool,
}

/// The conflicts of a batch as the dialog shows them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ConflictQuestion {
    pub(super) text: String,
    /// The files, each with its name and a similar name that is free.
    pub(super) files: Vec<(String, String)>,
}

/// The user's decision about a name conflict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ConflictResolution {
    /// The file becomes the artifact's current version; earlier versions stay.
    Replace,
    /// The file is stored under this name.
    Rename(String),
    /// The file is not uploaded.
    Skip,
}

impl ConflictBatch {
    pub(super) fn question(&self) -> ConflictQuestion {
        let total = self.free.len() + self.conflicts.len();
        let text = match &*self.conflicts {
            [only] if self.dropped_onto => format!("Replace {} with {}?", only.name, only.file.name()),
            [only] if total == 1 => format!("An artifact named {} already exists.", only.name),
            conflicts if conflicts.len() == total => {
                format!("Artifacts with the names of all {} already exist.", format::count(total, "file"))
            }
            conflicts => format!(
                "Artifacts with the names of {} of {} already exist. The other files keep their names.",
                format::thousands(u64::try_from(conflicts.len()).unwrap_or(u64::MAX)),
                format::count(total, "file")
            ),
        };
        let files =
            self.conflicts.iter().map(|conflict| (conflict.name.to_string(), conflict.free_name.clone())).collect();
        ConflictQuestion { text, files }
    }

    /// Applies one resolution to each conflict. Returns the files to upload, each with its name and whether it replaces the
    /// artifact of that name.
    ///
    /// # Errors
    /// Returns a message for the user if a new name is invalid.
    pub(super) fn apply(&self, resolutions: &[ConflictResolution]) -> Result<Vec<(ArtifactName, File, bool)>, String> {
        let mut files: Vec<_> = self.free.iter().map(|(name, file)| (name.clone(), file.clone(), false)).collect();
        for (conflict, resolution) in self.conflicts.iter().zip(resolutions) {
            match resolution {
                ConflictResolution::Replace => files.push((conflict.name.clone(), conflict.file.clone(), true)),
                ConflictResolution::Rename(name) => {
                    let name =
                        ArtifactName::parse(name).map_err(|error| AppError::Invalid(error.to_string()).sentence())?;
                    files.push((name, conflict.file.clone(), false));
                }
                ConflictResolution::Skip => {}
            }
        }
        Ok(files)
    }
}
