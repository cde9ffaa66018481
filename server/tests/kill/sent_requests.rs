//! The requests that were sent, and which of them were acknowledged. Every point has a unique value that identifies it.

use std::collections::HashMap;
use std::fmt;

/// The points of one line in a batch: `count` consecutive values from `first` on, in this order.
#[derive(Debug, Clone)]
pub struct BatchLine {
    pub line: String,
    pub first: u64,
    pub count: u64,
}

impl BatchLine {
    pub fn values(&self) -> std::ops::Range<u64> {
        self.first..self.first + self.count
    }
}

/// A request to the batch route, sent once or more under its idempotency key.
#[derive(Debug)]
pub struct SentBatch {
    pub lines: Vec<BatchLine>,
    pub acknowledged: bool,
}

/// A point sent to the SDK's route, which has no idempotency keys.
#[derive(Debug)]
pub struct SentPoint {
    pub line: String,
    /// How often it was sent.
    pub sent: u32,
    /// How often it was acknowledged.
    pub acknowledged: u32,
}

#[derive(Debug, Default)]
pub struct SentRequests {
    pub batches: Vec<SentBatch>,
    /// Single points by value.
    pub points: HashMap<u64, SentPoint>,
    /// Requests without a response.
    pub lost: u64,
    /// Requests that were sent again under their key.
    pub repeated: u64,
}

impl SentRequests {
    pub fn merge(&mut self, other: Self) {
        self.batches.extend(other.batches);
        self.points.extend(other.points);
        self.lost += other.lost;
        self.repeated += other.repeated;
    }
}

impl fmt::Display for SentRequests {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let acknowledged = self.batches.iter().filter(|batch| batch.acknowledged).count();
        let lines = self.batches.iter().flat_map(|batch| &batch.lines);
        write!(
            f,
            "{} batches with {} points, {acknowledged} of them acknowledged; {} single points; {} responses lost, {} \
             requests repeated under their key",
            self.batches.len(),
            lines.map(|line| line.count).sum::<u64>(),
            self.points.len(),
            self.lost,
            self.repeated,
        )
    }
}
