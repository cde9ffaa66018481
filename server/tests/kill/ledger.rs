//! What was sent, and what of it was acknowledged. Every point has a value of its own, by which it is known.

use std::collections::HashMap;
use std::fmt;

/// Points of one line in a batch: the values from `first` on, in this order.
#[derive(Debug, Clone)]
pub struct Piece {
    pub line: String,
    pub first: u64,
    pub count: u64,
}

impl Piece {
    pub fn values(&self) -> std::ops::Range<u64> {
        self.first..self.first + self.count
    }
}

/// A request of the batch route.
#[derive(Debug)]
pub struct Batch {
    pub pieces: Vec<Piece>,
    pub acknowledged: bool,
}

/// A point of the route that the SDK uses, which has no keys.
#[derive(Debug)]
pub struct Single {
    pub line: String,
    pub sent: u32,
    pub acknowledged: u32,
}

#[derive(Debug, Default)]
pub struct Ledger {
    pub batches: Vec<Batch>,
    /// By value.
    pub singles: HashMap<u64, Single>,
    /// Requests whose answer never came.
    pub lost: u64,
    /// Requests that were sent again under their key.
    pub repeated: u64,
}

impl Ledger {
    pub fn merge(&mut self, other: Self) {
        self.batches.extend(other.batches);
        self.singles.extend(other.singles);
        self.lost += other.lost;
        self.repeated += other.repeated;
    }
}

impl fmt::Display for Ledger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let acknowledged = self.batches.iter().filter(|batch| batch.acknowledged).count();
        let pieces = self.batches.iter().flat_map(|batch| &batch.pieces);
        write!(
            f,
            "{} batches of {} points, {acknowledged} of them acknowledged; {} single points; {} answers lost, {} requests \
             repeated under their key",
            self.batches.len(),
            pieces.map(|piece| piece.count).sum::<u64>(),
            self.singles.len(),
            self.lost,
            self.repeated,
        )
    }
}
