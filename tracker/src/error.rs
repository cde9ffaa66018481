//! The error of all use cases: what the caller can do, and a message for people.

mod cause;

use std::error::Error as StdError;

pub(crate) use cause::{Failure, is_storage_full};

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
    /// The database or the file storage does not work at the moment, so a retry may succeed. Logged like an unexpected error.
    #[error("{reason}")]
    Unavailable {
        /// What does not work, and what to do.
        reason: String,
        /// The underlying error.
        #[source]
        cause: Option<Box<dyn StdError + Send + Sync>>,
    },
    /// Too many attempts; try again later.
    #[error("too many attempts; try again in {after_seconds} seconds")]
    TooMany {
        /// Seconds to wait.
        after_seconds: u64,
    },
    /// Too much work is waiting; try again later.
    #[error("the server is busy; try again in {after_seconds} seconds")]
    Busy {
        /// Seconds to wait.
        after_seconds: u64,
    },
    /// An internal failure that the caller cannot fix. Logged once, where it becomes a response.
    #[error("an internal error occurred")]
    Unexpected(#[source] Box<dyn StdError + Send + Sync>),
}

impl Error {
    /// Seconds after which a retry may succeed if something is unavailable.
    pub const RETRY_SECONDS: u64 = 5;

    /// Converts the error of a lower layer: full storage to [`Error::Full`], an outage to [`Error::Unavailable`], and anything
    /// else to [`Error::Unexpected`].
    pub(crate) fn unexpected(error: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        let cause = error.into();
        match Failure::of(&*cause) {
            Some(failure) if failure.is_full() => Self::Full(failure.message().to_owned()),
            Some(failure) => Self::Unavailable { reason: failure.message().to_owned(), cause: Some(cause) },
            None => Self::Unexpected(cause),
        }
    }

    /// Returns the error for `failure`, without a cause.
    pub(crate) fn from_failure(failure: Failure) -> Self {
        let reason = failure.message().to_owned();
        if failure.is_full() { Self::Full(reason) } else { Self::Unavailable { reason, cause: None } }
    }

    /// Returns the error for another request that failed for the same reason. Only the original has the cause.
    pub(crate) fn duplicate(&self) -> Self {
        match self {
            Self::NotFound(resource) => Self::NotFound(resource),
            Self::Forbidden(message) => Self::Forbidden(message.clone()),
            Self::Conflict(message) => Self::Conflict(message.clone()),
            Self::Invalid(message) => Self::Invalid(message.clone()),
            Self::Full(message) => Self::Full(message.clone()),
            Self::Unavailable { reason, .. } => Self::Unavailable { reason: reason.clone(), cause: None },
            Self::TooMany { after_seconds } => Self::TooMany { after_seconds: *after_seconds },
            Self::Busy { after_seconds } => Self::Busy { after_seconds: *after_seconds },
            Self::Unexpected(cause) => Self::Unexpected(cause.to_string().into()),
        }
    }

    /// Returns the message with its cause, for the log.
    #[must_use]
    pub fn with_cause(&self) -> String {
        match self.source() {
            Some(cause) => format!("{self}: {cause}"),
            None => self.to_string(),
        }
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        Self::unexpected(error)
    }
}

impl From<domain::TextError> for Error {
    fn from(error: domain::TextError) -> Self {
        Self::Invalid(error.to_string())
    }
}
