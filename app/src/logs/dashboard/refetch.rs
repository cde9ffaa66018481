//! Refetch policy: refetches stale data, one request in flight, at most two per second.

/// The minimum time between two requests for the same data, in milliseconds.
const INTERVAL: f64 = 500.0;
/// The time between a failed request and the next attempt, in milliseconds.
const INTERVAL_AFTER_FAILURE: f64 = 5_000.0;

/// Whether some data is stale, and when it was last requested.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct RefetchState {
    pub(super) stale: bool,
    in_flight: bool,
    requested_at: Option<f64>,
}

/// When to send the next request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Due {
    /// The data is up to date, or a request is in flight.
    No,
    /// Soon.
    Later,
    /// Now; the request counts as sent.
    Now,
}

impl RefetchState {
    /// Returns the state of data that was never fetched.
    pub(super) fn missing() -> Self {
        Self { stale: true, ..Self::default() }
    }

    /// Returns whether to send a request at `now`, in milliseconds.
    pub(super) fn due(&mut self, now: f64) -> Due {
        if !self.stale || self.in_flight {
            return Due::No;
        }
        if self.requested_at.is_some_and(|requested_at| now - requested_at < INTERVAL) {
            return Due::Later;
        }
        *self = Self { stale: false, in_flight: true, requested_at: Some(now) };
        Due::Now
    }

    /// Records a response. Data that became stale while the request was in flight stays stale.
    pub(super) fn succeeded(&mut self) {
        self.in_flight = false;
    }

    /// Records a failure; the request is repeated after a while.
    pub(super) fn failed(&mut self) {
        let requested_at = self.requested_at.map(|requested_at| requested_at + INTERVAL_AFTER_FAILURE - INTERVAL);
        *self = Self { stale: true, in_flight: false, requested_at };
    }
}

#[cfg(test)]
mod tests {
    use super::{Due, RefetchState};

    #[test]
    fn sends_at_most_two_requests_per_second_one_at_a_time() {
        let mut refetch = RefetchState::default();
        assert_eq!(refetch.due(0.0), Due::No);
        refetch.stale = true;
        assert_eq!(refetch.due(0.0), Due::Now);
        refetch.stale = true;
        assert_eq!(refetch.due(900.0), Due::No); // in flight
        refetch.succeeded();
        assert_eq!(refetch.due(400.0), Due::Later);
        assert_eq!(refetch.due(500.0), Due::Now);
        refetch.succeeded();
        assert_eq!(refetch.due(5_000.0), Due::No);
    }

    #[test]
    fn retries_a_failed_request_after_five_seconds() {
        let mut refetch = RefetchState::missing();
        assert_eq!(refetch.due(100.0), Due::Now);
        refetch.failed();
        assert_eq!(refetch.due(5_000.0), Due::Later);
        assert_eq!(refetch.due(5_100.0), Due::Now);
    }
}
