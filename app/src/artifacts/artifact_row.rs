//! The data behind the artifacts table.

use domain::{
    Instant,
    artifacts::{ArtifactName, ArtifactSortKey},
    ids::ArtifactId,
};
use serde::{Deserialize, Serialize};

/// Everything that the tab shows at first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArtifactsView {
    /// All artifacts, most recently stored first, or one page of those that match the search, in the requested order.
    pub rows: Vec<ArtifactRow>,
    /// The number of artifacts in the experiment.
    pub total: i64,
    /// The page; `None` if the rows are all artifacts.
    pub page: Option<ArtifactsPage>,
    /// Whether the user may store, rename and delete artifacts.
    pub may_write: bool,
    /// The address of this server.
    pub host: String,
}

/// One page of the artifacts that match a search.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArtifactsPage {
    /// The number of the page, counted from 1.
    pub number: i64,
    /// The number of the last page.
    pub last: i64,
    /// The number of artifacts that match.
    pub matching: i64,
    /// The size of their files, in bytes.
    pub bytes: u64,
}

/// An artifact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArtifactRow {
    /// The artifact's id.
    pub id: ArtifactId,
    /// The artifact's name.
    pub name: ArtifactName,
    /// The current version.
    pub file: StoredFile,
    /// The number of versions, including the current one.
    pub versions: i64,
}

/// A file that was stored under an artifact's name: one version of the artifact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredFile {
    /// The version number, counted from 1.
    pub version: i64,
    /// The name of the original file.
    pub filename: String,
    /// The size in bytes.
    pub size: u64,
    /// The kind of file by its extension: "image", "weights".
    pub kind: String,
    /// The SHA-256 in hexadecimal digits.
    pub sha256: String,
    /// How the file was stored: "script" or "upload".
    pub source: String,
    /// The user who stored the file; `None` if that user was removed.
    pub by: Option<String>,
    /// When the file was stored.
    pub at: Instant,
    /// Whether the file can be previewed.
    pub previewable: bool,
}

impl ArtifactRow {
    /// Returns the current version and the number of versions: a key that changes with the artifact's content.
    pub(super) fn content_key(&self) -> (i64, i64) {
        (self.file.version, self.versions)
    }

    /// Returns what the row is sorted by.
    pub(super) fn sort_key(&self) -> ArtifactSortKey<'_> {
        ArtifactSortKey {
            name: self.name.as_str(),
            filename: &self.file.filename,
            kind: &self.file.kind,
            size: self.file.size,
            stored_at: self.file.at,
            stored_by: self.file.by.as_deref().unwrap_or_default(),
        }
    }
}

#[cfg(feature = "ssr")]
mod from_domain {
    use domain::artifacts::{Artifact, ArtifactVersion, Origin, Preview, file_kind};

    use super::{ArtifactRow, StoredFile};

    impl From<Artifact> for ArtifactRow {
        fn from(artifact: Artifact) -> Self {
            Self { id: artifact.id, name: artifact.name, file: artifact.now.into(), versions: artifact.versions }
        }
    }

    impl From<ArtifactVersion> for StoredFile {
        fn from(version: ArtifactVersion) -> Self {
            let filename = version.file.filename.as_str();
            Self {
                version: version.version,
                filename: filename.to_owned(),
                size: version.file.size,
                kind: file_kind(filename).to_owned(),
                previewable: Preview::of(filename).is_some(),
                sha256: version.file.sha256,
                source: match version.origin {
                    Origin::Script => "script",
                    Origin::Upload => "upload",
                }
                .to_owned(),
                by: version.by.map(|name| name.to_string()),
                at: version.at,
            }
        }
    }
}
