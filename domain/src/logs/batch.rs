//! Batches: samples for many lines in one request.

use super::{LogName, Samples};

/// Samples for many lines, which are logged together or not at all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Batch(Vec<(LogName, Samples)>);

/// Why a batch is rejected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BatchError {
    /// Too many lines.
    #[error("the batch has {0} logs; the maximum is {max}", max = Batch::MAX_LOGS)]
    TooManyLogs(usize),
    /// Too many points.
    #[error("the batch has {0} points; the maximum is {max}", max = Batch::MAX_POINTS)]
    TooManyPoints(usize),
}

impl Batch {
    /// Maximum number of lines in a batch.
    pub const MAX_LOGS: usize = 1_000;
    /// Maximum number of points in a batch.
    pub const MAX_POINTS: usize = 10_000;

    /// Returns a batch of these lines. A line may occur several times.
    ///
    /// # Errors
    /// Returns [`BatchError`] if there are too many logs or points.
    pub fn new(lines: Vec<(LogName, Samples)>) -> Result<Self, BatchError> {
        let points = lines.iter().map(|(_, samples)| samples.values.len()).sum();
        Self::check_size(lines.len(), points).map(|()| Self(lines))
    }

    /// Checks whether a batch can have this number of lines and points.
    ///
    /// # Errors
    /// Returns [`BatchError`] if there are too many logs or points.
    pub fn check_size(logs: usize, points: usize) -> Result<(), BatchError> {
        if logs > Self::MAX_LOGS {
            Err(BatchError::TooManyLogs(logs))
        } else if points > Self::MAX_POINTS {
            Err(BatchError::TooManyPoints(points))
        } else {
            Ok(())
        }
    }

    /// Returns the lines with their samples.
    #[must_use]
    pub fn into_lines(self) -> Vec<(LogName, Samples)> {
        self.0
    }
}

/// The result of logging a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BatchResult {
    /// Number of points in the batch.
    pub points: u64,
    /// Number of lines in the batch.
    pub logs: u64,
    /// Whether the batch was logged before under the same idempotency key; then nothing was added.
    pub repeated: bool,
}

/// A caller's name for a request, so that repeating the request changes nothing: 1–200 visible ASCII characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyKey(String);

impl IdempotencyKey {
    /// Parses a key. Returns `None` if the text is empty, too long, or contains other characters.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let fits = (1..=200).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
        fits.then(|| Self(text.to_owned()))
    }

    /// Returns the key.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
