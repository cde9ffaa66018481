//! Artifacts: named files of an experiment. The name stays the same while the file under it changes.

mod archive;
mod artifact;
mod file_kind;
mod fingerprint;
mod name;
mod preview;
mod search;
mod upload;

pub use archive::archive_paths;
pub use artifact::{Artifact, ArtifactField, ArtifactFile, ArtifactVersion, DeletionImpact, Origin, UnknownOrigin};
pub use file_kind::file_kind;
pub use fingerprint::{Fingerprint, FingerprintError};
pub use name::ArtifactName;
pub use preview::Preview;
pub use search::{ArtifactColumn, ArtifactOrder, ArtifactSortKey, matches_search};
pub use upload::{Upload, part_count, part_size};
