//! Many lines in one request.

use super::{LogName, Samples};

/// Samples for many lines, logged together or not at all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Batch(Vec<(LogName, Samples)>);

/// The batch cannot be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BatchError {
    /// More lines than fit.
    #[error("the batch has {0} logs; at most {max} fit", max = Batch::MOST_LOGS)]
    TooManyLogs(usize),
    /// More points than fit.
    #[error("the batch has {0} points; at most {max} fit", max = Batch::MOST_POINTS)]
    TooManyPoints(usize),
}

impl Batch {
    /// The most lines in a batch.
    pub const MOST_LOGS: usize = 1_000;
    /// The most points in a batch.
    pub const MOST_POINTS: usize = 10_000;

    /// A batch within its bounds. A line may be named several times.
    ///
    /// # Errors
    /// [`BatchError`] when there are too many logs or points.
    pub fn new(lines: Vec<(LogName, Samples)>) -> Result<Self, BatchError> {
        let points = lines.iter().map(|(_, samples)| samples.values.len()).sum();
        if lines.len() > Self::MOST_LOGS {
            Err(BatchError::TooManyLogs(lines.len()))
        } else if points > Self::MOST_POINTS {
            Err(BatchError::TooManyPoints(points))
        } else {
            Ok(Self(lines))
        }
    }

    /// The lines with their samples.
    #[must_use]
    pub fn into_lines(self) -> Vec<(LogName, Samples)> {
        self.0
    }
}

/// What became of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BatchDone {
    /// How many points it had.
    pub points: u64,
    /// How many lines it fed.
    pub logs: u64,
    /// Whether it had been logged before under the same key; then nothing was added now.
    pub repeated: bool,
}

/// What a caller calls a request, so that sending it again changes nothing: 1–200 visible ASCII characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyKey(String);

impl IdempotencyKey {
    /// Takes a key; none when it has another form.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let fits = (1..=200).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
        fits.then(|| Self(text.to_owned()))
    }

    /// The key's text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
