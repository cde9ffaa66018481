//! An artifact, its versions, and where they came from.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::ArtifactName;
use crate::{
    Instant, Name,
    files::FileName,
    ids::{ArtifactId, ExperimentId, ObjectId},
    paging::Ordered,
};

/// An artifact with the file that it holds now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Artifact {
    /// Its id.
    pub id: ArtifactId,
    /// The experiment it belongs to.
    pub experiment: ExperimentId,
    /// Its name, unique in the experiment.
    pub name: ArtifactName,
    /// When its first file was stored.
    pub created_at: Instant,
    /// What it holds now: the newest version.
    pub now: ArtifactVersion,
    /// How many versions are kept, the newest among them.
    pub versions: i64,
}

/// One file that was stored under an artifact's name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArtifactVersion {
    /// Counts the files stored under the name from 1. Numbers are not given twice.
    pub version: i64,
    /// The file.
    pub file: ArtifactFile,
    /// How it came here.
    pub origin: Origin,
    /// Who stored it; none when that person is gone.
    pub by: Option<Name>,
    /// When it was stored.
    pub at: Instant,
}

/// A file as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArtifactFile {
    /// The object that has its bytes.
    pub object: ObjectId,
    /// What it is called where it came from, and under what it is saved again.
    pub filename: FileName,
    /// How many bytes it has.
    pub size: u64,
    /// The SHA-256 of its bytes, in 64 lower-case hexadecimal digits.
    pub sha256: String,
    /// Whether the script says that it is large: it sent it in parts. Only kept to be told again.
    pub large: bool,
}

/// How a file came to its artifact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// A script stored it.
    Script,
    /// Somebody uploaded it from the page.
    Upload,
}

/// The text names no origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an artifact comes from a 'script' or an 'upload'")]
pub struct UnknownOrigin;

impl Origin {
    /// The word for it.
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

/// What lists of artifacts can be ordered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArtifactField {
    /// Their names, by bytes.
    Name,
    /// The names of their files, by bytes.
    Filename,
    /// When their first file was stored.
    CreatedAt,
    /// When their newest file was stored.
    UpdatedAt,
}

impl Ordered for ArtifactField {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("name", Self::Name),
        ("filename", Self::Filename),
        ("creation_date", Self::CreatedAt),
        ("created_at", Self::CreatedAt),
        ("update_date", Self::UpdatedAt),
        ("updated_at", Self::UpdatedAt),
    ];
}

/// What deleting artifacts, versions of them or a whole experiment takes away.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeletionImpact {
    /// How many artifacts.
    pub artifacts: u64,
    /// How many files, all versions counted; of an experiment, its pictures too.
    pub files: u64,
    /// How many bytes the files have together.
    pub bytes: u64,
    /// How many bytes of storage become free: bytes that something else needs too stay.
    pub frees: u64,
}
