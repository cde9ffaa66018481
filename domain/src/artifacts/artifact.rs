//! An artifact, its versions and their origin.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::ArtifactName;
use crate::{
    Instant, Name,
    files::FileName,
    ids::{ArtifactId, ExperimentId, ObjectId},
    paging::SortField,
};

/// An artifact with its current file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Artifact {
    /// The artifact's id.
    pub id: ArtifactId,
    /// The experiment that contains it.
    pub experiment: ExperimentId,
    /// The name, unique within the experiment.
    pub name: ArtifactName,
    /// When the first file was stored.
    pub created_at: Instant,
    /// The current version, which is the newest.
    pub now: ArtifactVersion,
    /// Number of versions kept, including the newest.
    pub versions: i64,
}

/// A file stored under an artifact's name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArtifactVersion {
    /// Version number, counted from 1. Numbers of deleted versions are not reused.
    pub version: i64,
    /// The file.
    pub file: ArtifactFile,
    /// How the file arrived.
    pub origin: Origin,
    /// The user who stored it; `None` if that user was removed.
    pub by: Option<Name>,
    /// When it was stored.
    pub at: Instant,
}

/// A stored file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArtifactFile {
    /// The object that holds its bytes.
    pub object: ObjectId,
    /// The original file name, offered again on download.
    pub filename: FileName,
    /// Size in bytes.
    pub size: u64,
    /// SHA-256 of its bytes, as 64 lowercase hexadecimal digits.
    pub sha256: String,
    /// Whether the script marked the file as large, meaning a multipart upload. Stored only to return it to scripts.
    pub large: bool,
}

/// How a file arrived at its artifact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// Stored by a script.
    Script,
    /// Uploaded on the page.
    Upload,
}

/// The text is not a known origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the origin of an artifact is 'script' or 'upload'")]
pub struct UnknownOrigin;

impl Origin {
    /// Returns the text that the database and the API use.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Script => "script",
            Self::Upload => "upload",
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Origin {
    type Err = UnknownOrigin;

    fn from_str(text: &str) -> Result<Self, UnknownOrigin> {
        match text {
            "script" => Ok(Self::Script),
            "upload" => Ok(Self::Upload),
            _ => Err(UnknownOrigin),
        }
    }
}

/// Sort keys for lists of artifacts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArtifactField {
    /// Artifact name, compared bytewise.
    Name,
    /// File name, compared bytewise.
    Filename,
    /// When the first file was stored.
    CreatedAt,
    /// When the newest file was stored.
    UpdatedAt,
}

impl SortField for ArtifactField {
    const NAMES: &'static [(&'static str, Self)] = &[
        ("name", Self::Name),
        ("filename", Self::Filename),
        ("creation_date", Self::CreatedAt),
        ("created_at", Self::CreatedAt),
        ("update_date", Self::UpdatedAt),
        ("updated_at", Self::UpdatedAt),
    ];
}

/// What a deletion of artifacts, versions or a whole experiment removes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeletionImpact {
    /// Number of artifacts.
    pub artifacts: u64,
    /// Number of files, counting every version and, for an experiment, its logged images.
    pub files: u64,
    /// Total size of the files, in bytes.
    pub bytes: u64,
    /// Bytes of storage that become free. Content that another file shares stays in storage.
    pub frees: u64,
}
