//! The error of all use cases: what the caller can do, and a message for people.

use std::error::Error as StdError;

/// Why a use case failed. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The resource does not exist, or the caller may not see it.
    #[error("there is no such {0}, or you may not see it")]
    NotFound(&'static str),
    /// The caller may see the resource but not do this. The message says who may.
    #[error("{0}")]
    Forbidden(String),
    /// The request conflicts with the current state.
    #[error("{0}")]
    Conflict(String),
    /// The input is invalid.
    #[error("{0}")]
    Invalid(String),
    /// The storage is full. The message says what to do.
    #[error("{0}")]
    Full(String),
    /// Too many attempts; try again later.
    #[error("too many attempts; try again in {after_seconds} seconds")]
    TooMany {
        /// Seconds to wait.
        after_seconds: u64,
    },
    /// An internal failure that the caller cannot fix. Logged once, where it becomes a response.
    #[error("an internal error occurred")]
    Unexpected(#[source] Box<dyn StdError + Send + Sync>),
}

impl Error {
    pub(crate) fn unexpected(error: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::Unexpected(error.into())
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        // SQLITE_FULL on SQLite, SQLSTATE 53100 (disk_full) on PostgreSQL.
        let code = error.as_database_error().and_then(|error| error.code());
        if matches!(code.as_deref(), Some("13" | "53100")) {
            return Self::Full(
                "the server has no space left for its database; ask the server's administrator for more".to_owned(),
            );
        }
        Self::unexpected(error)
    }
}

impl From<domain::TextError> for Error {
    fn from(error: domain::TextError) -> Self {
        Self::Invalid(error.to_string())
    }
}
