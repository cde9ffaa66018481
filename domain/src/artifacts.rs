//! Artifacts: the files of an experiment, each under a name of its own that stays while its file changes.

mod archive;
mod artifact;
mod name;
mod preview;
mod upload;

pub use archive::archive_paths;
pub use artifact::{Artifact, ArtifactField, ArtifactFile, ArtifactVersion, DeletionImpact, Origin, UnknownOrigin};
pub use name::ArtifactName;
pub use preview::Preview;
pub use upload::{Upload, part_size, parts};
