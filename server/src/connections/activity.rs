//! The activity of one connection, and the rules by which it is closed.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::minimum_rate::{MinimumRate, RateMeter};

/// The activity of a connection, shared by its stream, its requests and the periodic check.
#[derive(Debug)]
pub struct Activity(Mutex<ActivityState>);

/// Why a connection is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CloseReason {
    /// No request for too long.
    Idle,
    /// The client reads responses too slowly, or not at all.
    SlowReader,
    /// Another connection takes its place.
    Replaced,
}

/// What a connection does.
#[derive(Debug)]
struct ActivityState {
    /// Requests from their head to the end of their response. A WebSocket is a request.
    requests: usize,
    /// Responses with data that the client does not accept at the moment.
    unread_responses: usize,
    /// Whether the last write found the send buffer full.
    write_blocked: bool,
    /// Bytes written since the last check.
    written: u64,
    /// The end of the last request, or the beginning of the connection.
    idle_since: Instant,
    checked_at: Instant,
    meter: RateMeter,
    /// Whether the connection has become a WebSocket, which has its own limits.
    upgraded: bool,
    close_reason: Option<CloseReason>,
}

impl Activity {
    /// Returns the activity of a new connection.
    pub fn new(now: Instant) -> Self {
        Self(Mutex::new(ActivityState {
            requests: 0,
            unread_responses: 0,
            write_blocked: false,
            written: 0,
            idle_since: now,
            checked_at: now,
            meter: RateMeter::default(),
            upgraded: false,
            close_reason: None,
        }))
    }

    /// Records the beginning of a request.
    pub fn begin_request(&self) {
        self.state().requests += 1;
    }

    /// Records the end of a request.
    pub fn end_request(&self, now: Instant) {
        let mut state = self.state();
        state.requests = state.requests.saturating_sub(1);
        state.idle_since = now;
    }

    /// Records that a response has data for the client, until [`Self::response_read`].
    pub fn response_unread(&self) {
        self.state().unread_responses += 1;
    }

    /// Records that the client accepted the data, or that the response has ended.
    pub fn response_read(&self) {
        let mut state = self.state();
        state.unread_responses = state.unread_responses.saturating_sub(1);
    }

    /// Records a write of `bytes`, or with `None` that the send buffer is full.
    pub fn record_write(&self, bytes: Option<usize>) {
        let mut state = self.state();
        state.write_blocked = bytes.is_none();
        state.written += bytes.unwrap_or_default() as u64;
    }

    /// Records that the connection has become a WebSocket.
    pub fn set_upgraded(&self) {
        self.state().upgraded = true;
    }

    /// Returns whether no request is being handled.
    pub fn has_no_request(&self) -> bool {
        self.state().requests == 0
    }

    /// Returns since when the connection is idle: without a request, and with everything sent.
    pub fn idle_since(&self) -> Option<Instant> {
        let state = self.state();
        state.is_idle().then_some(state.idle_since)
    }

    /// Returns whether the connection can be closed, which a WebSocket does on its own.
    pub fn is_closable(&self) -> bool {
        let state = self.state();
        !state.upgraded && state.close_reason.is_none()
    }

    /// Records why the connection is closed.
    pub fn set_close_reason(&self, reason: CloseReason) {
        self.state().close_reason = Some(reason);
    }

    /// Returns why the connection is closed.
    pub fn close_reason(&self) -> Option<CloseReason> {
        self.state().close_reason
    }

    /// Returns why the connection must be closed now, if it must. Called periodically.
    pub fn check(&self, now: Instant, idle_limit: Duration, minimum: MinimumRate) -> Option<CloseReason> {
        self.state().check(now, idle_limit, minimum)
    }

    fn state(&self) -> MutexGuard<'_, ActivityState> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ActivityState {
    fn is_idle(&self) -> bool {
        self.requests == 0 && !self.write_blocked
    }

    /// Returns whether only the client can make progress. On an HTTP/2 connection with a request whose handler runs, the server
    /// can.
    fn waits_for_client(&self) -> bool {
        self.write_blocked || (self.requests > 0 && self.unread_responses >= self.requests)
    }

    fn check(&mut self, now: Instant, idle_limit: Duration, minimum: MinimumRate) -> Option<CloseReason> {
        let elapsed = now.saturating_duration_since(std::mem::replace(&mut self.checked_at, now));
        let written = std::mem::take(&mut self.written);
        if self.upgraded || self.close_reason.is_some() {
            return None;
        }
        if self.is_idle() {
            self.meter = RateMeter::default();
            return (now.saturating_duration_since(self.idle_since) >= idle_limit).then_some(CloseReason::Idle);
        }
        let too_slow = self.waits_for_client() && !self.meter.record(elapsed, written, minimum);
        too_slow.then_some(CloseReason::SlowReader)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const IDLE: Duration = Duration::from_secs(20);
    const MINIMUM: MinimumRate = MinimumRate { bytes: 1_000, window: Duration::from_secs(30) };

    /// Checks a connection every second and returns when and why it is closed, in a minute at most.
    fn closed_after(each_second: impl Fn(u64, &Activity, Instant)) -> Option<(u64, CloseReason)> {
        let start = Instant::now();
        let activity = Activity::new(start);
        (1..=60).find_map(|second| {
            let now = start + Duration::from_secs(second);
            each_second(second, &activity, now);
            activity.check(now, IDLE, MINIMUM).map(|reason| (second, reason))
        })
    }

    #[test]
    fn closes_idle_connections_and_slow_readers_only() {
        use CloseReason::{Idle, SlowReader};
        let first = |second: u64| second == 1;
        assert_eq!(closed_after(|_, _, _| ()), Some((20, Idle)), "never sent a request");
        let pings = |_, activity: &Activity, _| activity.record_write(Some(17));
        assert_eq!(closed_after(pings), Some((20, Idle)), "answers pings");
        let one_request = |second, activity: &Activity, now| match second {
            1 => activity.begin_request(),
            9 => activity.end_request(now),
            _ => (),
        };
        assert_eq!(closed_after(one_request), Some((29, Idle)), "20 seconds after its request");
        let working = |second, activity: &Activity, _| {
            if first(second) {
                activity.begin_request();
            }
        };
        assert_eq!(closed_after(working), None, "the handler runs");
        let blocked = |second, activity: &Activity, _| {
            if first(second) {
                activity.begin_request();
            }
            activity.record_write(None);
        };
        assert_eq!(closed_after(blocked), Some((30, SlowReader)), "never reads");
        let blocked_at_the_end = |_, activity: &Activity, _| activity.record_write(None);
        assert_eq!(closed_after(blocked_at_the_end), Some((30, SlowReader)), "the rest of a response is not read");
        let trickle = |second, activity: &Activity, now| {
            blocked(second, activity, now);
            activity.record_write(Some(1));
            activity.record_write(None);
        };
        assert_eq!(closed_after(trickle), Some((30, SlowReader)), "one byte per second");
        let slow = |second, activity: &Activity, now| {
            blocked(second, activity, now);
            activity.record_write(Some(100));
            activity.record_write(None);
        };
        assert_eq!(closed_after(slow), None, "slow, but steady");
        let no_window = |second, activity: &Activity, _| {
            if first(second) {
                activity.begin_request();
                activity.response_unread();
            }
        };
        assert_eq!(closed_after(no_window), Some((30, SlowReader)), "HTTP/2 without a window");
        let one_of_two = |second, activity: &Activity, now| {
            no_window(second, activity, now);
            working(second, activity, now);
        };
        assert_eq!(closed_after(one_of_two), None, "another request is being handled");
        let streaming = |second, activity: &Activity, now| {
            no_window(second, activity, now);
            if first(second) {
                activity.response_read();
            }
        };
        assert_eq!(closed_after(streaming), None, "the server has no more data yet");
        let upgraded = |second, activity: &Activity, now| {
            blocked(second, activity, now);
            activity.set_upgraded();
        };
        assert_eq!(closed_after(upgraded), None, "a WebSocket");
    }
}
