//! Panels for preview, rename, versions and delete: a dialog over the table, or a part of the page without JavaScript.
//!
//! The open panel is part of the address, so that each panel has a link. Closing a panel removes it from the address.

#[cfg(feature = "ssr")]
mod build;
mod delete;
mod dialog;
mod form_parts;
mod preview;
mod rename;
mod versions;

#[cfg(feature = "ssr")]
pub(super) use build::build_panel;
#[cfg(feature = "ssr")]
pub(crate) use delete::impact_summary;
pub(super) use dialog::panel_dialog;

use domain::{artifacts::DeletionImpact, ids::ArtifactId};
use serde::{Deserialize, Serialize};

use super::artifact_row::{ArtifactRow, StoredFile};

/// The content of a panel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum PanelContent {
    /// No panel is open.
    Closed,
    /// The server refused the request, for this reason.
    Refused(String),
    /// The artifact to rename.
    Rename(ArtifactRow),
    /// An artifact and its versions, newest first.
    Versions(ArtifactRow, Vec<StoredFile>),
    /// The artifacts to delete.
    Delete(Deletion),
    /// The file to preview.
    Preview(FilePreview),
}

/// A deletion that the user has to confirm.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deletion {
    /// The requested artifacts. Some may no longer exist.
    pub artifacts: Vec<ArtifactId>,
    /// The names of the first of them.
    pub names: Vec<String>,
    /// What the deletion removes and frees.
    pub impact: DeletionImpact,
}

/// A file, rendered for preview.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilePreview {
    /// The file's artifact.
    pub row: ArtifactRow,
    /// The file.
    pub file: StoredFile,
    /// The URL of an image; `None` for other files.
    pub image: Option<String>,
    /// The content of other files, as sanitized HTML.
    pub html: String,
    /// A note about the preview, such as that it is truncated or that the content doesn't match the file extension.
    pub note: String,
}

impl PanelContent {
    /// Returns a key that changes when the panel must be rebuilt: with another kind of panel or another file.
    fn rebuild_key(&self) -> (u8, i64) {
        match self {
            Self::Closed => (0, 0),
            Self::Refused(_) => (1, 0),
            Self::Rename(_) => (2, 0),
            Self::Versions(..) => (3, 0),
            Self::Delete(_) => (4, 0),
            Self::Preview(preview) => (5, preview.file.version),
        }
    }
}
