//! The row of a series: summary figures of a line, updated with each append.

use domain::logs::{LineSummary, Points, Reading, Samples};
use sqlx::FromRow;
use uuid::Uuid;

/// A row of the table `series`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromRow)]
pub(crate) struct SeriesRow {
    /// Id of the series. Replacing a line's data creates a new series.
    pub(crate) id: i64,
    /// The log that the series belongs to.
    pub(crate) log_id: Uuid,
    /// Number of points.
    pub(crate) points: i64,
    pub(crate) first_step: i64,
    pub(crate) last_step: i64,
    pub(crate) first_at: i64,
    pub(crate) last_at: i64,
    /// The bits of the value that arrived last.
    pub(crate) last_bits: i64,
    /// 1 if the script sent a step with any point, otherwise 0.
    pub(crate) explicit_steps: i64,
    /// Number of full chunks.
    pub(crate) chunks: i64,
    /// Number of times that existing chunks were rewritten.
    pub(crate) rewritten: i64,
    pub(crate) tail_rows: i64,
    pub(crate) tail_points: i64,
    /// Sequence number of the next row of the tail.
    pub(crate) next_seq: i64,
}

impl SeriesRow {
    /// Assigns steps and times to samples that arrive at `now`, appends them to `points`, and updates the summary.
    pub(crate) fn append_samples(&mut self, samples: &Samples, now: i64, points: &mut Points) {
        let begin = points.len();
        match &samples.steps {
            Some(steps) => {
                self.explicit_steps = 1;
                points.steps.extend_from_slice(steps);
            }
            None => {
                let first = if self.points == 0 { 0 } else { self.last_step.saturating_add(1) };
                let next = std::iter::successors(Some(first), |last| Some(last.saturating_add(1)));
                points.steps.extend(next.take(samples.values.len()));
            }
        }
        match &samples.times {
            Some(times) => points.times.extend_from_slice(times),
            None => points.times.resize(begin + samples.values.len(), now),
        }
        points.values.extend_from_slice(&samples.values);
        self.include_in_summary(&points.steps[begin..], &points.times[begin..], &points.values[begin..]);
    }

    fn include_in_summary(&mut self, steps: &[i64], times: &[i64], values: &[Reading]) {
        let (Some(low), Some(high), Some(last)) = (steps.iter().min(), steps.iter().max(), values.last()) else {
            return;
        };
        let (Some(early), Some(late)) = (times.iter().min(), times.iter().max()) else { return };
        if self.points == 0 {
            (self.first_step, self.last_step, self.first_at, self.last_at) = (*low, *high, *early, *late);
        } else {
            self.first_step = self.first_step.min(*low);
            self.last_step = self.last_step.max(*high);
            self.first_at = self.first_at.min(*early);
            self.last_at = self.last_at.max(*late);
        }
        self.last_bits = last.0.to_bits().cast_signed();
        self.points += i64::try_from(values.len()).unwrap_or(i64::MAX);
    }

    /// Returns the summary of the line.
    pub(crate) fn summary(&self) -> LineSummary {
        let last = if self.points == 0 { f64::NAN } else { f64::from_bits(self.last_bits.cast_unsigned()) };
        LineSummary {
            count: self.points.cast_unsigned(),
            first_step: self.first_step,
            last_step: self.last_step,
            first_at: self.first_at,
            last_at: self.last_at,
            last: Reading(last),
            explicit_steps: self.explicit_steps != 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn empty() -> SeriesRow {
        SeriesRow {
            id: 1,
            log_id: Uuid::nil(),
            points: 0,
            first_step: 0,
            last_step: 0,
            first_at: 0,
            last_at: 0,
            last_bits: 0,
            explicit_steps: 0,
            chunks: 0,
            rewritten: 0,
            tail_rows: 0,
            tail_points: 0,
            next_seq: 0,
        }
    }

    fn samples(steps: Option<&[i64]>, values: &[f64]) -> Samples {
        Samples { steps: steps.map(Into::into), values: values.iter().copied().map(Reading).collect(), times: None }
    }

    #[test]
    fn missing_steps_continue_after_the_largest() {
        let mut state = empty();
        for (given, expected) in [
            (samples(None, &[0.5, 0.4]), vec![0, 1]),
            (samples(Some(&[10, 3]), &[0.3, f64::NAN]), vec![10, 3]),
            (samples(None, &[]), vec![]),
            (samples(None, &[0.2]), vec![11]),
        ] {
            let mut points = Points::default();
            state.append_samples(&given, 7, &mut points);
            assert_eq!(points.steps, expected);
        }
        let summary = state.summary();
        assert_eq!((summary.count, summary.first_step, summary.last_step), (5, 0, 11));
        assert_eq!((summary.last, summary.last_at, summary.explicit_steps), (Reading(0.2), 7, true));
    }

    #[test]
    fn keeps_the_times_of_the_script() {
        let mut state = empty();
        let samples = Samples { times: Some(vec![50, 40]), ..samples(None, &[1.0, 2.0]) };
        let mut points = Points::default();
        state.append_samples(&samples, 99, &mut points);
        assert_eq!(points.times, [50, 40]);
        assert_eq!((state.first_at, state.last_at), (40, 50));
    }
}
