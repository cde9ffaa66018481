//! When something is asked for again: when it is known to be old, not while an answer is on its way, and not too often.

/// The least time between two questions for the same thing, in milliseconds.
const PAUSE: f64 = 500.0;
/// The time between a question that failed and the next try.
const PAUSE_AFTER_FAILURE: f64 = 5_000.0;

/// Something that is asked for again and again.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Asking {
    /// Whether what is there is old.
    pub(super) old: bool,
    under_way: bool,
    asked: Option<f64>,
}

/// Whether it is time to ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Due {
    /// There is nothing to ask, or an answer is on its way.
    No,
    /// Soon.
    Later,
    /// Now; it counts as asked.
    Now,
}

impl Asking {
    /// Something that is not there yet.
    pub(super) fn missing() -> Self {
        Self { old: true, ..Self::default() }
    }

    /// Whether to ask at `now`, in milliseconds.
    pub(super) fn due(&mut self, now: f64) -> Due {
        if !self.old || self.under_way {
            return Due::No;
        }
        if self.asked.is_some_and(|asked| now - asked < PAUSE) {
            return Due::Later;
        }
        *self = Self { old: false, under_way: true, asked: Some(now) };
        Due::Now
    }

    /// The answer is there. It may be old already: what became old while it was on its way stays so.
    pub(super) fn answered(&mut self) {
        self.under_way = false;
    }

    /// There was no answer; it is asked again after a while.
    pub(super) fn failed(&mut self) {
        let asked = self.asked.map(|asked| asked + PAUSE_AFTER_FAILURE - PAUSE);
        *self = Self { old: true, under_way: false, asked };
    }
}

#[cfg(test)]
mod tests {
    use super::{Asking, Due};

    #[test]
    fn at_most_twice_a_second_and_one_at_a_time() {
        let mut asking = Asking::default();
        assert_eq!(asking.due(0.0), Due::No);
        asking.old = true;
        assert_eq!(asking.due(0.0), Due::Now);
        asking.old = true;
        assert_eq!(asking.due(900.0), Due::No); // on its way
        asking.answered();
        assert_eq!(asking.due(400.0), Due::Later);
        assert_eq!(asking.due(500.0), Due::Now);
        asking.answered();
        assert_eq!(asking.due(5_000.0), Due::No);
    }

    #[test]
    fn a_failure_is_tried_again_after_a_while() {
        let mut asking = Asking::missing();
        assert_eq!(asking.due(100.0), Due::Now);
        asking.failed();
        assert_eq!(asking.due(5_000.0), Due::Later);
        assert_eq!(asking.due(5_100.0), Due::Now);
    }
}
