//! A minimum rate for data from and to clients.

use std::time::Duration;

/// The bytes that a client must transfer in each window of time in which the server waits for it.
#[derive(Clone, Copy, Debug)]
pub struct MinimumRate {
    /// Bytes per window.
    pub bytes: u64,
    /// The time that the server waits for them.
    pub window: Duration,
}

/// Measures a transfer. Only time in which the server waits for the client counts, not the server's own work.
#[derive(Clone, Copy, Debug, Default)]
pub struct RateMeter {
    waited: Duration,
    bytes: u64,
}

impl RateMeter {
    /// Adds a wait and the bytes that it brought. Returns whether the client is fast enough: `false` at the end of a window
    /// with too few bytes.
    pub fn record(&mut self, waited: Duration, bytes: u64, minimum: MinimumRate) -> bool {
        self.waited += waited;
        self.bytes += bytes;
        if self.waited < minimum.window {
            return true;
        }
        let is_fast_enough = self.bytes >= minimum.bytes;
        *self = Self::default();
        is_fast_enough
    }

    /// Returns the time until the end of the window.
    pub fn remaining(&self, minimum: MinimumRate) -> Duration {
        minimum.window.saturating_sub(self.waited)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_window_needs_the_minimum() {
        let minimum = MinimumRate { bytes: 100, window: Duration::from_secs(10) };
        let check = |transfers: &[(u64, u64)], expected: &[bool]| {
            let mut meter = RateMeter::default();
            let fast: Vec<bool> = transfers
                .iter()
                .map(|(seconds, bytes)| meter.record(Duration::from_secs(*seconds), *bytes, minimum))
                .collect();
            assert_eq!(fast, expected, "{transfers:?}");
        };
        check(&[(9, 0)], &[true]);
        check(&[(10, 0)], &[false]);
        check(&[(10, 99)], &[false]);
        check(&[(10, 100)], &[true]);
        check(&[(5, 1), (5, 1)], &[true, false]);
        check(&[(5, 100), (5, 0)], &[true, true]);
        check(&[(10, 1_000), (10, 0)], &[true, false]);
        check(&[(0, 1_000), (9, 0), (1, 0), (9, 0), (1, 0)], &[true, true, true, true, false]);
    }

    #[test]
    fn a_window_ends_after_its_remaining_time() {
        let minimum = MinimumRate { bytes: 100, window: Duration::from_secs(10) };
        let mut meter = RateMeter::default();
        assert_eq!(meter.remaining(minimum), minimum.window);
        meter.record(Duration::from_secs(3), 0, minimum);
        assert_eq!(meter.remaining(minimum), Duration::from_secs(7));
    }
}
