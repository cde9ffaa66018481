//! Why a use case was refused: what the caller can do about it, and a sentence for the person behind it.

use std::error::Error as StdError;

/// A refusal. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is none, or the asker may not know of it.
    #[error("there is no such {0}, or you may not see it")]
    NotFound(&'static str),
    /// The asker sees the thing but may not do this; the sentence says who may.
    #[error("{0}")]
    Forbidden(String),
    /// What was asked for and what is there exclude each other.
    #[error("{0}")]
    Conflict(String),
    /// The input makes no sense here.
    #[error("{0}")]
    Invalid(String),
    /// There is no room for the bytes; the sentence says what can be done.
    #[error("{0}")]
    Full(String),
    /// Too many attempts; try again later.
    #[error("too many attempts; try again in {after_seconds} seconds")]
    TooMany {
        /// How long to wait.
        after_seconds: u64,
    },
    /// Something failed that the caller cannot mend. To be logged once, where it becomes an answer.
    #[error("something went wrong inside")]
    Unexpected(#[source] Box<dyn StdError + Send + Sync>),
}

impl Error {
    pub(crate) fn unexpected(error: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::Unexpected(error.into())
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        // SQLite says it with a code of its own (SQLITE_FULL), PostgreSQL with SQLSTATE 53100.
        let code = error.as_database_error().and_then(|error| error.code());
        if matches!(code.as_deref(), Some("13" | "53100")) {
            return Self::Full("the server's database has no room left; ask who runs it for more".to_owned());
        }
        Self::unexpected(error)
    }
}

impl From<domain::TextError> for Error {
    fn from(error: domain::TextError) -> Self {
        Self::Invalid(error.to_string())
    }
}
