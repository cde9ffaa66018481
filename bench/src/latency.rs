//! How long requests took.

use std::time::Duration;

/// The durations of many requests, and how long all of them took together.
#[derive(Debug, Default)]
pub struct Latency {
    micros: Vec<u32>,
    /// From the first request to the last answer.
    pub over: Duration,
}

impl Latency {
    /// Adds one request.
    pub fn add(&mut self, duration: Duration) {
        self.micros.push(duration.as_micros().try_into().unwrap_or(u32::MAX));
    }

    /// Adds those of another connection.
    pub fn merge(&mut self, other: Self) {
        self.micros.extend(other.micros);
        self.over = self.over.max(other.over);
    }

    /// Requests a second.
    pub fn rate(&self) -> f64 {
        self.micros.len() as f64 / self.over.as_secs_f64()
    }

    /// What this many of a hundred requests took at most, in milliseconds.
    pub fn percentile(&mut self, percent: usize) -> f64 {
        self.micros.sort_unstable();
        let at = (self.micros.len() * percent / 100).min(self.micros.len().saturating_sub(1));
        f64::from(self.micros.get(at).copied().unwrap_or(0)) / 1000.0
    }
}
