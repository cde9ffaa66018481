//! How writes and explicit settings change the status of an experiment, and what follows from its times.

use serde::{Deserialize, Serialize};

use super::Status;
use crate::Instant;

/// Minimum time without a write after which a running experiment counts as silent: 10 minutes.
const MIN_SILENCE: i64 = 600_000_000;
/// A running experiment counts as silent after this multiple of its longest pause.
const PAUSES_UNTIL_SILENCE: i64 = 5;

/// The times of an experiment's training.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunTimes {
    /// When the training started: at the first write or when the status first became `RUNNING`. `None` before that, and for
    /// experiments that started before this time was recorded.
    pub started_at: Option<Instant>,
    /// When the status became final.
    pub ended_at: Option<Instant>,
    /// When a script last wrote, or when the status was last set to `RUNNING`. Up to a few seconds late.
    pub last_news_at: Option<Instant>,
    /// Longest pause between two writes while running, in microseconds.
    pub longest_pause: i64,
}

impl RunTimes {
    /// Returns how long the training took, or has been running, in seconds. `None` if its start is unknown or it neither runs
    /// nor ended.
    #[must_use]
    pub fn duration(self, status: Status, now: Instant) -> Option<u64> {
        let end = if status == Status::Running { now } else { self.ended_at? };
        Some(seconds_between(self.started_at?, end))
    }

    /// Returns for how many seconds a running experiment has been silent. `None` unless its status is `RUNNING` and its last
    /// news is at least 10 minutes and 5 times its longest pause old.
    #[must_use]
    pub fn silence(self, status: Status, now: Instant) -> Option<u64> {
        let last = self.last_news_at.filter(|_| status == Status::Running)?;
        let silent_after = MIN_SILENCE.max(self.longest_pause.saturating_mul(PAUSES_UNTIL_SILENCE));
        (now.0.saturating_sub(last.0) >= silent_after).then(|| seconds_between(last, now))
    }
}

/// Returns the whole seconds from `start` to `end`, or 0 if `end` is earlier.
fn seconds_between(start: Instant, end: Instant) -> u64 {
    u64::try_from(end.0.saturating_sub(start.0) / 1_000_000).unwrap_or(0)
}

/// The state that determines an experiment's status.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Lifecycle {
    /// The status.
    pub status: Status,
    /// Whether a script or user set the status. Writes don't change such a status.
    pub is_explicit: bool,
    /// The times of the training.
    pub times: RunTimes,
}

impl Lifecycle {
    /// Returns the state after a script wrote: `WAITING` becomes `RUNNING`, unless it was set explicitly.
    #[must_use]
    pub fn after_write(mut self, now: Instant) -> Self {
        let times = &mut self.times;
        // The clock may have been set back.
        let now = times.last_news_at.map_or(now, |last| now.max(last));
        match self.status {
            Status::Waiting => {
                times.started_at.get_or_insert(now);
                if !self.is_explicit {
                    self.status = Status::Running;
                }
            }
            Status::Running => {
                let pause = times.last_news_at.map_or(0, |last| now.0.saturating_sub(last.0));
                times.longest_pause = times.longest_pause.max(pause);
            }
            Status::Success | Status::Failed | Status::Canceled | Status::Terminated => {}
        }
        times.last_news_at = Some(now);
        self
    }

    /// Returns the state after a script or user set the status.
    ///
    /// The first final status sets the end; another final status keeps it, and any other status clears it. The start stays.
    #[must_use]
    pub fn after_setting(mut self, status: Status, now: Instant) -> Self {
        let before = std::mem::replace(&mut self.status, status);
        self.is_explicit = true;
        let times = &mut self.times;
        match status {
            Status::Waiting => times.ended_at = None,
            Status::Running => {
                if before != Status::Running {
                    times.started_at.get_or_insert(now);
                }
                times.ended_at = None;
                times.last_news_at = Some(now);
            }
            Status::Success | Status::Failed | Status::Canceled | Status::Terminated => {
                if !before.is_final() {
                    times.ended_at = Some(now);
                }
            }
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Status::{Failed, Running, Success, Waiting};

    const MINUTE: i64 = 60_000_000;

    fn at(minutes: i64) -> Instant {
        Instant(minutes * MINUTE)
    }

    #[test]
    fn writes_and_settings_change_the_status() {
        enum Event {
            Write,
            Set(Status),
        }
        use Event::{Set, Write};
        // Events, one minute apart beginning at minute 1; then status, minute of the start and minute of the end.
        fn check(events: &[Event], expected: (Status, Option<i64>, Option<i64>)) {
            let mut state = Lifecycle::default();
            for (minute, event) in (1..).zip(events) {
                state = match event {
                    Write => state.after_write(at(minute)),
                    Set(status) => state.after_setting(*status, at(minute)),
                };
            }
            let minutes = |time: Option<Instant>| time.map(|time| time.0 / MINUTE);
            assert_eq!((state.status, minutes(state.times.started_at), minutes(state.times.ended_at)), expected);
        }
        check(&[], (Waiting, None, None));
        check(&[Write], (Running, Some(1), None));
        check(&[Write, Write], (Running, Some(1), None));
        check(&[Set(Running), Write], (Running, Some(1), None));
        check(&[Write, Set(Running)], (Running, Some(1), None));
        check(&[Set(Waiting), Write, Write], (Waiting, Some(2), None)); // an explicit status stays
        check(&[Write, Set(Waiting), Write], (Waiting, Some(1), None));
        check(&[Write, Set(Success)], (Success, Some(1), Some(2)));
        check(&[Write, Set(Success), Write], (Success, Some(1), Some(2))); // an evaluation after the training
        check(&[Write, Set(Success), Set(Failed)], (Failed, Some(1), Some(2))); // a correction
        check(&[Write, Set(Failed), Set(Running)], (Running, Some(1), None)); // resumed
        check(&[Write, Set(Failed), Set(Running), Set(Success)], (Success, Some(1), Some(4)));
        check(&[Write, Set(Failed), Set(Waiting)], (Waiting, Some(1), None));
        check(&[Set(Failed), Write], (Failed, None, Some(1))); // never started
        check(&[Set(Failed), Set(Running)], (Running, Some(2), None));
    }

    #[test]
    fn experiments_from_before_the_times_were_recorded_have_no_start() {
        let old = |status| Lifecycle { status, ..Lifecycle::default() };
        for state in [old(Running).after_write(at(1)), old(Running).after_setting(Running, at(1)), old(Running)] {
            assert_eq!(state.times.duration(state.status, at(9)), None);
        }
        assert_eq!(old(Running).times.silence(Running, at(9_999)), None);
        assert_eq!(old(Success).after_setting(Failed, at(1)).times.ended_at, None);
        assert_eq!(old(Waiting).after_write(at(1)).times.started_at, Some(at(1)));
    }

    #[test]
    fn silence_begins_after_ten_minutes_or_five_times_the_longest_pause() {
        // Minutes of the writes; the current minute; minutes of silence.
        fn check(writes: &[i64], now: i64, expected: Option<u64>) {
            let mut state = Lifecycle::default();
            for minute in writes {
                state = state.after_write(at(*minute));
            }
            assert_eq!(state.times.silence(state.status, at(now)).map(|seconds| seconds / 60), expected, "{writes:?}");
        }
        check(&[], 99, None); // waiting
        check(&[0], 9, None);
        check(&[0], 10, Some(10));
        check(&[0, 1, 2], 12, Some(10));
        check(&[0, 2, 4], 14, Some(10));
        check(&[0, 3], 17, None);
        check(&[0, 3], 18, Some(15));
        check(&[0, 60, 61], 360, None);
        check(&[0, 60, 61], 361, Some(300));
        check(&[0, 5], 3, None); // the clock was set back
    }

    #[test]
    fn only_running_experiments_are_silent() {
        let written = Lifecycle::default().after_write(at(0));
        for status in Status::ALL {
            let state = written.after_setting(status, at(1));
            let silent = state.times.silence(state.status, at(99)).is_some();
            assert_eq!(silent, status == Running, "{status}");
        }
        let resumed = written.after_setting(Failed, at(1)).after_setting(Running, at(2_000));
        assert_eq!(resumed.times.silence(Running, at(2_009)), None, "resuming is news");
        assert_eq!(resumed.after_write(at(2_001)).times.longest_pause, MINUTE, "the time between two runs is no pause");
        let evaluated_later = written.after_setting(Success, at(1)).after_write(at(2_000));
        assert_eq!(evaluated_later.times.longest_pause, 0);
    }

    #[test]
    fn duration_ends_with_the_training() {
        // Minutes of start and end; status; the current minute; minutes of the duration.
        fn check((started, ended): (Option<i64>, Option<i64>), status: Status, now: i64, expected: Option<u64>) {
            let times = RunTimes { started_at: started.map(at), ended_at: ended.map(at), ..RunTimes::default() };
            assert_eq!(times.duration(status, at(now)).map(|seconds| seconds / 60), expected);
        }
        check((Some(5), None), Running, 12, Some(7));
        check((Some(5), None), Running, 4, Some(0)); // a clock that is behind
        check((Some(5), Some(9)), Success, 12, Some(4));
        check((Some(5), None), Waiting, 12, None);
        check((None, None), Running, 12, None);
        check((None, Some(9)), Failed, 12, None);
    }
}
