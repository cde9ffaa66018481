//! Why a backup or a restore did not come about.

use std::io;

use crate::{Error, OpenError};

/// Each a line that says what is wrong. What was begun is taken away again.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The data cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// What was asked for does not go together, or the archive is not what it should be.
    #[error("{0}")]
    Refused(String),
    /// The archive cannot be written.
    #[error("cannot write the backup: {0}")]
    Write(io::Error),
    /// The archive cannot be read.
    #[error("cannot read the backup: {0}")]
    Read(io::Error),
    /// The database or the store of files failed.
    #[error("{}", sentence(.0))]
    Failed(#[from] Error),
}

impl BackupError {
    pub(super) fn refused(sentence: impl Into<String>) -> Self {
        Self::Refused(sentence.into())
    }
}

impl From<sqlx::Error> for BackupError {
    fn from(error: sqlx::Error) -> Self {
        Self::Failed(error.into())
    }
}

/// With the cause: nobody else logs it here.
fn sentence(error: &Error) -> String {
    match error {
        Error::Unexpected(cause) => format!("the database or the store of files failed: {cause}"),
        other => other.to_string(),
    }
}
