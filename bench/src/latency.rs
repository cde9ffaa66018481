//! Latencies of requests.

use std::time::Duration;

/// The latencies of many requests, and the duration of the whole load.
#[derive(Debug, Default)]
pub struct Latencies {
    micros: Vec<u32>,
    /// The time from the first request to the last response.
    pub duration: Duration,
}

impl Latencies {
    /// Adds a request.
    pub fn add(&mut self, latency: Duration) {
        self.micros.push(latency.as_micros().try_into().unwrap_or(u32::MAX));
    }

    /// Adds the requests of another connection, which ran at the same time.
    pub fn merge(&mut self, other: Self) {
        self.micros.extend(other.micros);
        self.duration = self.duration.max(other.duration);
    }

    /// Returns the requests per second.
    pub fn rate(&self) -> f64 {
        self.micros.len() as f64 / self.duration.as_secs_f64()
    }

    /// Returns a percentile in milliseconds; 0 if there are no requests.
    pub fn percentile(&mut self, percent: usize) -> f64 {
        self.micros.sort_unstable();
        let at = (self.micros.len() * percent / 100).min(self.micros.len().saturating_sub(1));
        f64::from(self.micros.get(at).copied().unwrap_or(0)) / 1000.0
    }
}
