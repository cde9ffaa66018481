//! Why the program could not do what it was asked: one line for the person at the terminal.

use std::fmt::Display;

/// A sentence that says what is wrong and what to do about it.
#[derive(Debug)]
pub struct Failure(String);

impl Failure {
    /// A failure with its sentence.
    pub fn new(sentence: impl Into<String>) -> Self {
        Self(sentence.into())
    }
}

impl Display for Failure {
    /// Always one line: causes from elsewhere may bring their own line ends.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.split_whitespace().collect::<Vec<_>>().join(" "))
    }
}

impl std::error::Error for Failure {}

impl From<tracker::Error> for Failure {
    /// The tracker's own sentence; for what it did not expect, also the cause, as nobody else logs it here.
    fn from(error: tracker::Error) -> Self {
        match error {
            tracker::Error::Unexpected(cause) => Self::new(format!("the database failed: {cause}")),
            error => Self::new(error.to_string()),
        }
    }
}

impl From<tracker::BackupError> for Failure {
    fn from(error: tracker::BackupError) -> Self {
        Self::new(error.to_string())
    }
}
