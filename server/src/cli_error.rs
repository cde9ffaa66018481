//! The error of a command: one line on standard error.

use std::fmt::Display;

/// A message that says what went wrong and what to do.
#[derive(Debug)]
pub struct CliError(String);

impl CliError {
    /// Creates an error from its message.
    pub fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

impl Display for CliError {
    /// Writes the message on one line: messages of libraries may contain line breaks.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.split_whitespace().collect::<Vec<_>>().join(" "))
    }
}

impl std::error::Error for CliError {}

impl From<tracker::Error> for CliError {
    /// Keeps the tracker's message, with two exceptions: commands have no permissions, so a missing resource does not exist;
    /// and the cause of a failure is added, because commands do not log it elsewhere.
    fn from(error: tracker::Error) -> Self {
        match error {
            tracker::Error::NotFound(resource) => Self::new(format!("no such {resource}")),
            tracker::Error::Unexpected(cause) => Self::new(format!("the database failed: {cause}")),
            error => Self::new(error.with_cause()),
        }
    }
}

impl From<tracker::BackupError> for CliError {
    fn from(error: tracker::BackupError) -> Self {
        Self::new(error.to_string())
    }
}
