//! The error of a backup or a restore.

use std::io;

use crate::{Error, OpenError};

/// Why a backup or a restore failed. Each message is one line that says what went wrong.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The data cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The options or the archive are unsuitable, or a program of PostgreSQL failed.
    #[error("{0}")]
    Failed(String),
    /// The archive cannot be written.
    #[error("cannot write the backup: {0}")]
    Write(io::Error),
    /// The archive cannot be read.
    #[error("cannot read the backup: {0}")]
    Read(io::Error),
    /// The database or the file storage failed.
    #[error("{}", message_with_cause(.0))]
    Storage(#[from] Error),
}

impl BackupError {
    pub(super) fn failed(message: impl Into<String>) -> Self {
        Self::Failed(message.into())
    }
}

impl From<sqlx::Error> for BackupError {
    fn from(error: sqlx::Error) -> Self {
        Self::Storage(error.into())
    }
}

/// Includes the cause of an unexpected error, because commands do not log it elsewhere.
fn message_with_cause(error: &Error) -> String {
    match error {
        Error::Unexpected(cause) => format!("the database or the file storage failed: {cause}"),
        other => other.with_cause(),
    }
}
