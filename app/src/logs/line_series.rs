//! The points of a line that a chart holds, and how live points are added to them.

use domain::logs::{Chart, Points, XAxis};

use super::look::Axis;

/// The part of a line that a chart shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Range {
    /// What `from` and `to` are.
    pub(super) along: XAxis,
    /// Where it begins.
    pub(super) from: i64,
    /// Where it ends.
    pub(super) to: i64,
}

/// The points of a line, or their reduction, in the numbers that charts are drawn with.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Series {
    /// How many points the line has.
    pub(super) total: u64,
    /// How many of them are in the part that was asked for.
    pub(super) within: u64,
    /// Whether these are the points themselves.
    pub(super) exact: bool,
    /// The part that was asked for; none is all of it.
    pub(super) range: Option<Range>,
    steps: Vec<f64>,
    /// Microseconds since 1970.
    times: Vec<f64>,
    pub(super) values: Vec<f64>,
    pub(super) low: Vec<f64>,
    pub(super) high: Vec<f64>,
    odd: Vec<(f64, f64, f64)>,
}

/// What became of points that arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Followed {
    /// Nothing that shows: they were here already, or are in another part.
    Nothing,
    /// They are here now, from this index on.
    From(usize),
    /// They cannot be added; the line must be asked for again.
    AskAgain,
}

/// Where the numbers of a horizontal axis come from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Scale {
    /// Which axis.
    pub(super) axis: Axis,
    /// Where relative time begins, in microseconds since 1970.
    pub(super) zero: f64,
    /// How many microseconds one unit of relative time has.
    pub(super) unit: f64,
}

impl Scale {
    /// A place on the axis for a step and a time. Wall time is in the library's milliseconds.
    pub(super) fn place(self, step: f64, time: f64) -> f64 {
        match self.axis {
            Axis::Step => step,
            Axis::Relative => (time - self.zero) / self.unit,
            Axis::Wall => time / 1_000.0,
        }
    }

    /// The step or the time at a place, the other way round.
    pub(super) fn coordinate(self, place: f64) -> f64 {
        match self.axis {
            Axis::Step => place,
            Axis::Relative => place * self.unit + self.zero,
            Axis::Wall => place * 1_000.0,
        }
    }
}

impl Series {
    /// What was asked for, and the answer.
    pub(super) fn new(range: Option<Range>, chart: Chart) -> Self {
        let readings = |readings: Vec<domain::logs::Reading>| readings.into_iter().map(|reading| reading.0).collect();
        Self {
            total: chart.total,
            within: chart.within,
            exact: chart.exact,
            range,
            steps: chart.steps.into_iter().map(number).collect(),
            times: chart.times.into_iter().map(number).collect(),
            values: readings(chart.values),
            low: readings(chart.low),
            high: readings(chart.high),
            odd: chart.odd.into_iter().map(|odd| (number(odd.step), number(odd.at), odd.what.0)).collect(),
        }
    }

    /// Adds points that came after the first `from` ones, `count` being all that there are now, if these are the ones that
    /// are missing and there is room for them: `most` points at all.
    pub(super) fn follow(&mut self, from: u64, count: u64, points: &Points, most: usize) -> Followed {
        if count <= self.total {
            return Followed::Nothing;
        }
        let missing = usize::try_from(count - self.total).unwrap_or(usize::MAX);
        if from != self.total || points.len() != missing {
            return Followed::AskAgain;
        }
        if let Some(range) = self.range {
            let along = if range.along == XAxis::Step { &points.steps } else { &points.times };
            if along.iter().all(|place| *place > range.to || *place < range.from) {
                self.total = count;
                return Followed::Nothing;
            }
            return Followed::AskAgain;
        }
        let last = self.steps.last().copied().unwrap_or(f64::NEG_INFINITY);
        let ordered = points.steps.is_sorted() && points.steps.first().is_none_or(|first| number(*first) >= last);
        if !self.exact || !ordered || self.values.len() + points.len() > most {
            return Followed::AskAgain;
        }
        let begin = self.values.len();
        for ((step, time), value) in points.steps.iter().zip(&points.times).zip(&points.values) {
            let (step, time, value) = (number(*step), number(*time), value.0);
            self.steps.push(step);
            self.times.push(time);
            self.values.push(value);
            if !value.is_finite() {
                self.odd.push((step, time, value));
            }
        }
        self.total = count;
        self.within = count;
        Followed::From(begin)
    }

    /// Whether it answers what is asked for now: all points of the line answer everything.
    pub(super) fn answers(&self, range: Option<Range>) -> bool {
        self.range == range || (self.range.is_none() && self.exact)
    }

    /// Where the points are on an axis.
    pub(super) fn places(&self, scale: Scale) -> Vec<f64> {
        self.steps.iter().zip(&self.times).map(|(step, time)| scale.place(*step, *time)).collect()
    }

    /// Where values are not finite, and what they are.
    pub(super) fn odd(&self, scale: Scale) -> impl Iterator<Item = (f64, f64)> {
        self.odd.iter().map(move |(step, time, what)| (scale.place(*step, *time), *what))
    }
}

/// Exact up to 2⁵³, which steps do not reach and microseconds only in the year 2255.
#[expect(clippy::cast_precision_loss, reason = "charts are drawn with f64")]
pub(super) fn number(integer: i64) -> f64 {
    integer as f64
}

#[cfg(test)]
mod tests {
    use domain::logs::{Chart, Points, Reading};

    use super::*;

    fn series(steps: &[i64], exact: bool) -> Series {
        let total = steps.len() as u64;
        let values = steps.iter().map(|_| Reading(0.5)).collect();
        let times = steps.iter().map(|step| step * 1_000_000).collect();
        let steps = steps.to_vec();
        Series::new(None, Chart { total, within: total, exact, steps, times, values, ..Chart::default() })
    }

    fn points(steps: &[i64]) -> Points {
        let mut points = Points::default();
        for step in steps {
            points.push(*step, step * 1_000_000, Reading(if *step == 13 { f64::NAN } else { 1.0 }));
        }
        points
    }

    #[test]
    fn points_that_follow_are_added() {
        let check = |held: &[i64], from: u64, steps: &[i64], expected: Followed| {
            let mut series = series(held, true);
            let count = from + steps.len() as u64;
            assert_eq!(series.follow(from, count, &points(steps), 6), expected, "{held:?} {from} {steps:?}");
        };
        check(&[0, 1], 2, &[2, 3], Followed::From(2));
        check(&[], 0, &[0], Followed::From(0));
        check(&[0, 1], 2, &[1], Followed::From(2)); // a step again
        check(&[0, 1], 0, &[0, 1], Followed::Nothing); // known
        check(&[0, 1], 3, &[3], Followed::AskAgain); // one was missed
        check(&[0, 1], 1, &[1, 2], Followed::AskAgain); // overlapping
        check(&[0, 5], 2, &[3], Followed::AskAgain); // back
        check(&[0, 1, 2, 3, 4], 5, &[5, 6], Followed::AskAgain); // too many for the chart
        assert_eq!(series(&[0, 1], false).follow(2, 3, &points(&[2]), 6), Followed::AskAgain);
        assert_eq!(series(&[0, 1], true).follow(2, 900, &Points::default(), 6), Followed::AskAgain);
    }

    #[test]
    fn what_is_not_finite_is_marked() {
        let mut series = series(&[0], true);
        series.follow(1, 2, &points(&[13]), 9);
        let scale = Scale { axis: Axis::Step, zero: 0.0, unit: 1.0 };
        assert_eq!(series.odd(scale).map(|(place, _)| place).collect::<Vec<_>>(), [13.0]);
    }

    #[test]
    fn another_part_does_not_concern_a_zoomed_chart() {
        let range = Some(Range { along: XAxis::Step, from: 0, to: 10 });
        let mut zoomed = Series { range, total: 100, ..Series::default() };
        assert_eq!(zoomed.follow(100, 101, &points(&[100]), 9), Followed::Nothing);
        assert_eq!(zoomed.total, 101);
        assert_eq!(zoomed.follow(101, 102, &points(&[5]), 9), Followed::AskAgain);
    }

    #[test]
    fn all_points_answer_everything() {
        let part = Some(Range { along: XAxis::Step, from: 0, to: 1 });
        assert!(series(&[0, 1], true).answers(part));
        assert!(!series(&[0, 1], false).answers(part));
        assert!(series(&[0, 1], false).answers(None));
    }

    #[test]
    fn places_lead_back() {
        for axis in [Axis::Step, Axis::Relative, Axis::Wall] {
            let scale = Scale { axis, zero: 5e15, unit: 6e7 };
            let coordinate = scale.coordinate(scale.place(5_000_000_060_000_000.0, 5_000_000_060_000_000.0));
            assert!((coordinate - 5_000_000_060_000_000.0).abs() < 1.0);
        }
    }
}
