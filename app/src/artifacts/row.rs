//! What the tab knows of an artifact and of its files.

use domain::{Instant, artifacts::ArtifactName, ids::ArtifactId};
use serde::{Deserialize, Serialize};

/// All that the tab shows at first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArtifactsView {
    /// The artifacts, the one that was stored last first; at most a thousand.
    pub rows: Vec<Row>,
    /// How many there are.
    pub total: i64,
    /// Whether the reader may store, rename and delete.
    pub may_write: bool,
    /// The address of this server.
    pub host: String,
}

/// An artifact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Its id.
    pub id: ArtifactId,
    /// Its name.
    pub name: ArtifactName,
    /// What it holds now.
    pub file: StoredFile,
    /// How many versions are kept, the current one among them.
    pub versions: i64,
}

/// One file that was stored under an artifact's name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredFile {
    /// Which one, counted from 1.
    pub version: i64,
    /// What it is called where it came from.
    pub filename: String,
    /// How many bytes it has.
    pub size: u64,
    /// What it is, by its ending: "image", "weights".
    pub kind: String,
    /// The SHA-256 of its bytes, in hexadecimal digits.
    pub sha256: String,
    /// Where it came from: "uploaded".
    pub from: String,
    /// Who stored it.
    pub by: Option<String>,
    /// When.
    pub at: Instant,
    /// Whether it can be looked at without downloading it.
    pub shown: bool,
}

impl Row {
    /// What changes when the artifact holds something else, or other versions are kept.
    pub(super) fn stamp(&self) -> (i64, i64) {
        (self.file.version, self.versions)
    }
}

#[cfg(feature = "ssr")]
mod from {
    use domain::artifacts::{Artifact, ArtifactVersion, Origin, Preview};

    use super::{Row, StoredFile};
    use crate::artifacts::paper::kind;

    impl From<Artifact> for Row {
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
                kind: kind(filename).to_owned(),
                shown: Preview::of(filename).is_some(),
                sha256: version.file.sha256,
                from: match version.origin {
                    Origin::Script => "stored by the script",
                    Origin::Upload => "uploaded",
                }
                .to_owned(),
                by: version.by.map(|name| name.to_string()),
                at: version.at,
            }
        }
    }
}
