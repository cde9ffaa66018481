//! The row of a series: summary figures of a line, updated with each append.

use std::{ops::Range, sync::Arc};

use domain::logs::{Extreme, Extremes, LineSummary, Points, Reading, Samples, Step};
use sqlx::FromRow;
use uuid::Uuid;

/// Entries to write to a series.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct NewEntries {
    /// The points, including those of entries that are not numbers.
    pub(crate) points: Points,
    /// Position and JSON of the entries that are not numbers.
    pub(crate) texts: Vec<(i64, Arc<str>)>,
}

/// A row of the table `series`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromRow)]
pub(crate) struct SeriesRow {
    /// Id of the series. Replacing a line's data creates a new series.
    pub(crate) id: i64,
    /// The log that the series belongs to.
    pub(crate) log_id: Uuid,
    /// Number of points.
    pub(crate) points: i64,
    /// The smallest step, rounded down.
    pub(crate) first_step: i64,
    /// The largest step, rounded up.
    pub(crate) last_step: i64,
    pub(crate) first_at: i64,
    pub(crate) last_at: i64,
    /// The bits of the value that arrived last.
    pub(crate) last_bits: i64,
    /// The bits of the smallest finite value, and of its first step; `NULL` if there is no finite value.
    pub(crate) min_bits: Option<i64>,
    pub(crate) min_step: Option<i64>,
    /// The bits of the largest finite value, and of its first step; `NULL` if there is no finite value.
    pub(crate) max_bits: Option<i64>,
    pub(crate) max_step: Option<i64>,
    /// 1 if the smallest and largest value cover all points. 0 if they lack the points from before these columns existed.
    pub(crate) extremes_known: i64,
    /// Number of entries that are not numbers.
    pub(crate) texts: i64,
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
    /// Assigns steps and times to a range of samples that arrive at `now`, appends them to `new`, and updates the summary.
    pub(crate) fn append_samples(&mut self, samples: &Samples, range: Range<usize>, now: i64, new: &mut NewEntries) {
        let NewEntries { points, texts } = new;
        let begin = points.len();
        match &samples.steps {
            Some(steps) => {
                self.explicit_steps = 1;
                points.steps.extend_from_slice(&steps[range.clone()]);
            }
            None => {
                let first = if self.points == 0 { 0 } else { self.last_step.saturating_add(1) };
                points.steps.extend((first..).take(range.len()).map(Step::whole));
            }
        }
        match &samples.times {
            Some(times) => points.times.extend_from_slice(&times[range.clone()]),
            None => points.times.resize(begin + range.len(), now),
        }
        points.values.extend_from_slice(&samples.values[range.clone()]);
        let [first, end] = [range.start, range.end].map(|at| samples.texts.partition_point(|(index, _)| *index < at));
        for (index, json) in &samples.texts[first..end] {
            points.values[begin + index - range.start] = Reading::text(self.texts.cast_unsigned());
            texts.push((self.texts, Arc::clone(json)));
            self.texts += 1;
        }
        self.include_in_summary(&points.steps[begin..], &points.times[begin..], &points.values[begin..]);
    }

    fn include_in_summary(&mut self, steps: &[Step], times: &[i64], values: &[Reading]) {
        let (Some(low), Some(high), Some(last)) = (steps.iter().min(), steps.iter().max(), values.last()) else {
            return;
        };
        let (Some(early), Some(late)) = (times.iter().min(), times.iter().max()) else { return };
        let (low, high) = (low.floor(), high.ceil());
        if self.points == 0 {
            (self.first_step, self.last_step, self.first_at, self.last_at) = (low, high, *early, *late);
        } else {
            self.first_step = self.first_step.min(low);
            self.last_step = self.last_step.max(high);
            self.first_at = self.first_at.min(*early);
            self.last_at = self.last_at.max(*late);
        }
        self.last_bits = last.0.to_bits().cast_signed();
        self.points += i64::try_from(values.len()).unwrap_or(i64::MAX);
        let mut extremes = self.extremes();
        extremes.include(steps, values);
        self.set_extremes(extremes);
    }

    /// Returns the smallest and the largest value of the points that the row covers.
    pub(crate) fn extremes(&self) -> Extremes {
        let extreme = |bits: Option<i64>, step: Option<i64>| {
            let (value, step) = (f64::from_bits(bits?.cast_unsigned()), f64::from_bits(step?.cast_unsigned()));
            Some(Extreme { value, step: Step::new(step)? })
        };
        Extremes { min: extreme(self.min_bits, self.min_step), max: extreme(self.max_bits, self.max_step) }
    }

    pub(crate) fn set_extremes(&mut self, extremes: Extremes) {
        let bits = |extreme: Option<Extreme>| {
            extreme
                .map(|Extreme { value, step }| (value.to_bits().cast_signed(), step.get().to_bits().cast_signed()))
                .unzip()
        };
        (self.min_bits, self.min_step) = bits(extremes.min);
        (self.max_bits, self.max_step) = bits(extremes.max);
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
            extremes: if self.extremes_known == 0 { Extremes::default() } else { self.extremes() },
            texts: self.texts.cast_unsigned(),
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
            min_bits: None,
            min_step: None,
            max_bits: None,
            max_step: None,
            extremes_known: 1,
            texts: 0,
            explicit_steps: 0,
            chunks: 0,
            rewritten: 0,
            tail_rows: 0,
            tail_points: 0,
            next_seq: 0,
        }
    }

    fn samples(steps: Option<&[f64]>, values: &[f64]) -> Samples {
        let steps = steps.map(|steps| steps.iter().map(|step| Step::new(*step).unwrap()).collect());
        Samples { steps, values: values.iter().copied().map(Reading).collect(), ..Samples::default() }
    }

    #[test]
    fn missing_steps_continue_after_the_largest() {
        let mut state = empty();
        for (given, expected) in [
            (samples(None, &[0.5, 0.4]), vec![0, 1]),
            (samples(Some(&[10.0, 3.0]), &[0.3, f64::NAN]), vec![10, 3]),
            (samples(None, &[]), vec![]),
            (samples(None, &[0.2]), vec![11]),
            (samples(Some(&[12.0]), &[0.9]), vec![12]),
        ] {
            let mut new = NewEntries::default();
            state.append_samples(&given, 0..given.values.len(), 7, &mut new);
            assert_eq!(new.points.steps, expected);
        }
        let summary = state.summary();
        assert_eq!((summary.count, summary.first_step, summary.last_step), (6, 0, 12));
        assert_eq!((summary.last, summary.last_at, summary.explicit_steps), (Reading(0.9), 7, true));
        let extreme = |value, step: i32| Some(Extreme { value, step: Step::from(step) });
        assert_eq!(summary.extremes, Extremes { min: extreme(0.2, 11), max: extreme(0.9, 12) });
    }

    #[test]
    fn fractional_steps_are_summarized_by_floor_and_ceiling() {
        let mut state = empty();
        let mut new = NewEntries::default();
        state.append_samples(&samples(Some(&[0.5, 2.25]), &[1.0, 2.0]), 0..2, 7, &mut new);
        assert_eq!((state.first_step, state.last_step), (0, 3));
        state.append_samples(&samples(None, &[3.0]), 0..1, 7, &mut new);
        assert_eq!(new.points.steps[2], 4);
    }

    #[test]
    fn entries_that_are_not_numbers_are_numbered() {
        let mut state = empty();
        let mut new = NewEntries::default();
        for _ in 0..2 {
            let given = Samples { texts: vec![(1, "\"x\"".into())], ..samples(None, &[0.5, f64::NAN]) };
            // In pieces, as samples that are stored in several chunks.
            state.append_samples(&given, 0..1, 7, &mut new);
            state.append_samples(&given, 1..2, 7, &mut new);
        }
        let positions: Vec<_> = new.points.values.iter().map(|value| value.text_position()).collect();
        assert_eq!(positions, [None, Some(0), None, Some(1)]);
        assert_eq!(new.texts, [(0, "\"x\"".into()), (1, "\"x\"".into())]);
        assert_eq!((state.points, state.texts, state.summary().texts), (4, 2, 2));
    }

    #[test]
    fn keeps_the_times_of_the_script() {
        let mut state = empty();
        let samples = Samples { times: Some(vec![50, 40]), ..samples(None, &[1.0, 2.0]) };
        let mut new = NewEntries::default();
        state.append_samples(&samples, 0..2, 99, &mut new);
        assert_eq!(new.points.times, [50, 40]);
        assert_eq!((state.first_at, state.last_at), (40, 50));
    }
}
