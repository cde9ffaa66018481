//! What lies over the table when something is asked of artifacts: a dialog, and without scripts a part of the page.
//!
//! It is open when the address says so, so that each panel has a link; closing it takes that out of the address.

mod answer;
mod delete;
mod dialog;
#[cfg(feature = "ssr")]
mod make;
mod preview;
mod rename;
mod versions;

pub(super) use dialog::panel;
#[cfg(feature = "ssr")]
pub(super) use make::make;

use domain::{artifacts::DeletionImpact, ids::ArtifactId};
use serde::{Deserialize, Serialize};

use super::row::{Row, StoredFile};

/// What a panel shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Panel {
    /// There is none.
    Closed,
    /// It was refused, for this reason.
    Refused(String),
    /// An artifact that is to have another name.
    Rename(Row),
    /// An artifact and the files that were stored under its name, the newest first.
    Versions(Row, Vec<StoredFile>),
    /// What is to be deleted.
    Delete(Leaving),
    /// A file to look at.
    Preview(Paper),
}

/// What goes when artifacts are deleted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leaving {
    /// The artifacts that there are of those that were asked for.
    pub artifacts: Vec<ArtifactId>,
    /// The names of the first of them.
    pub names: Vec<String>,
    /// What goes with them.
    pub weight: DeletionImpact,
}

/// A file, made into something to look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paper {
    /// Its artifact.
    pub row: Row,
    /// The file.
    pub file: StoredFile,
    /// Where the browser finds it, when it is a picture.
    pub picture: Option<String>,
    /// What it holds otherwise, as HTML that does no harm.
    pub html: String,
    /// What should be known about that: that it is only the beginning, that it is not what its name says.
    pub note: String,
}

impl Panel {
    /// What is built anew when it changes: another kind of panel, or another file.
    fn kind(&self) -> (u8, i64) {
        match self {
            Self::Closed => (0, 0),
            Self::Refused(_) => (1, 0),
            Self::Rename(_) => (2, 0),
            Self::Versions(..) => (3, 0),
            Self::Delete(_) => (4, 0),
            Self::Preview(paper) => (5, paper.file.version),
        }
    }
}
