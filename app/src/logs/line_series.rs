//! The points of a line that a chart holds, and how live points are appended to them.

use domain::logs::{Chart, Points, Step, XAxis};

use super::url_state::XAxisMode;

/// A range of the x axis of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct AxisRange {
    /// The coordinate of `from` and `to`.
    pub(super) along: XAxis,
    /// The first coordinate.
    pub(super) from: i64,
    /// The last coordinate, inclusive.
    pub(super) to: i64,
}

/// The points of a line, or the buckets of the downsampled line, as `f64` for plotly.js.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct LineSeries {
    /// Number of points of the whole line.
    pub(super) total: u64,
    /// Number of points in the requested range.
    pub(super) within: u64,
    /// Whether the entries are the points themselves rather than buckets.
    pub(super) exact: bool,
    /// The requested range; `None` means the whole line.
    pub(super) range: Option<AxisRange>,
    steps: Vec<f64>,
    /// In microseconds since the Unix epoch.
    times: Vec<f64>,
    /// The value of each point, or the mean of each bucket.
    pub(super) values: Vec<f64>,
    /// The smallest value of each bucket; empty if `exact`.
    pub(super) low: Vec<f64>,
    /// The largest value of each bucket; empty if `exact`.
    pub(super) high: Vec<f64>,
    /// Step, time and value of the points that are not finite.
    non_finite: Vec<(f64, f64, f64)>,
}

/// The result of appending live points to a series.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AppendOutcome {
    /// No visible change: the points were present already, or are outside of the range.
    Unchanged,
    /// The points were appended, starting at this index.
    AddedFrom(usize),
    /// The points cannot be appended; the line must be fetched again.
    Refetch,
}

/// Converts between steps or times and positions on the x axis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct AxisScale {
    /// The quantity on the axis.
    pub(super) axis: XAxisMode,
    /// The start of relative time, in microseconds since the Unix epoch.
    pub(super) origin: f64,
    /// The unit of relative time, in microseconds.
    pub(super) unit: f64,
}

impl AxisScale {
    /// Returns the position of a step and a time on the axis. Wall time is in milliseconds, as in plotly.js.
    pub(super) fn position(self, step: f64, time: f64) -> f64 {
        match self.axis {
            XAxisMode::Step => step,
            XAxisMode::Relative => (time - self.origin) / self.unit,
            XAxisMode::Wall => time / 1_000.0,
        }
    }

    /// Returns the step or the time at a position: the inverse of [`AxisScale::position`].
    pub(super) fn coordinate(self, position: f64) -> f64 {
        match self.axis {
            XAxisMode::Step => position,
            XAxisMode::Relative => position * self.unit + self.origin,
            XAxisMode::Wall => position * 1_000.0,
        }
    }
}

impl LineSeries {
    /// Creates a series from the server's response for `range`.
    pub(super) fn new(range: Option<AxisRange>, chart: Chart) -> Self {
        let floats = |readings: Vec<domain::logs::Reading>| readings.into_iter().map(|reading| reading.0).collect();
        Self {
            total: chart.total,
            within: chart.within,
            exact: chart.exact,
            range,
            steps: chart.steps.into_iter().map(Step::get).collect(),
            times: chart.times.into_iter().map(to_f64).collect(),
            values: floats(chart.values),
            low: floats(chart.low),
            high: floats(chart.high),
            non_finite: chart
                .non_finite
                .into_iter()
                .map(|point| (point.step.get(), to_f64(point.at), point.value.0))
                .collect(),
        }
    }

    /// Appends live points: those after the first `from` ones of a line that now has `count` points.
    ///
    /// They must be exactly the missing ones, in the order of steps, and the series may then have at most `max_points`.
    pub(super) fn append(&mut self, from: u64, count: u64, points: &Points, max_points: usize) -> AppendOutcome {
        if count <= self.total {
            return AppendOutcome::Unchanged;
        }
        let missing = usize::try_from(count - self.total).unwrap_or(usize::MAX);
        if from != self.total || points.len() != missing {
            return AppendOutcome::Refetch;
        }
        if let Some(range) = self.range {
            let outside = |coordinate: f64| coordinate > to_f64(range.to) || coordinate < to_f64(range.from);
            let all_outside = match range.along {
                XAxis::Step => points.steps.iter().all(|step| outside(step.get())),
                XAxis::Time => points.times.iter().all(|time| outside(to_f64(*time))),
            };
            if all_outside {
                self.total = count;
                return AppendOutcome::Unchanged;
            }
            return AppendOutcome::Refetch;
        }
        let last = self.steps.last().copied().unwrap_or(f64::NEG_INFINITY);
        let ordered = points.steps.is_sorted() && points.steps.first().is_none_or(|first| first.get() >= last);
        if !self.exact || !ordered || self.values.len() + points.len() > max_points {
            return AppendOutcome::Refetch;
        }
        let start = self.values.len();
        for ((step, time), value) in points.steps.iter().zip(&points.times).zip(&points.values) {
            let (step, time, value) = (step.get(), to_f64(*time), value.0);
            self.steps.push(step);
            self.times.push(time);
            self.values.push(value);
            if !value.is_finite() {
                self.non_finite.push((step, time, value));
            }
        }
        self.total = count;
        self.within = count;
        AppendOutcome::AddedFrom(start)
    }

    /// Returns whether the series is the response for `range`. All points of a line are the response for every range.
    pub(super) fn covers(&self, range: Option<AxisRange>) -> bool {
        self.range == range || (self.range.is_none() && self.exact)
    }

    /// Returns the positions of the points on the x axis.
    pub(super) fn positions(&self, scale: AxisScale) -> Vec<f64> {
        self.steps.iter().zip(&self.times).map(|(step, time)| scale.position(*step, *time)).collect()
    }

    /// Returns the position and the value of the points that are not finite.
    pub(super) fn non_finite(&self, scale: AxisScale) -> impl Iterator<Item = (f64, f64)> {
        self.non_finite.iter().map(move |(step, time, value)| (scale.position(*step, *time), *value))
    }
}

/// Converts a step or a time to `f64`. Exact up to 2⁵³, which microseconds reach in the year 2255.
#[expect(clippy::cast_precision_loss, reason = "charts are drawn with f64")]
pub(super) fn to_f64(integer: i64) -> f64 {
    integer as f64
}

#[cfg(test)]
mod tests {
    use domain::logs::{Chart, Points, Reading};

    use super::*;

    fn series(steps: &[i64], exact: bool) -> LineSeries {
        let total = steps.len() as u64;
        let values = steps.iter().map(|_| Reading(0.5)).collect();
        let times = steps.iter().map(|step| step * 1_000_000).collect();
        let steps = steps.iter().copied().map(Step::whole).collect();
        LineSeries::new(None, Chart { total, within: total, exact, steps, times, values, ..Chart::default() })
    }

    fn points(steps: &[i64]) -> Points {
        let mut points = Points::default();
        for step in steps {
            points.push(Step::whole(*step), step * 1_000_000, Reading(if *step == 13 { f64::NAN } else { 1.0 }));
        }
        points
    }

    #[test]
    fn appends_only_the_missing_points_in_order() {
        let check = |held: &[i64], from: u64, steps: &[i64], expected: AppendOutcome| {
            let mut series = series(held, true);
            let count = from + steps.len() as u64;
            assert_eq!(series.append(from, count, &points(steps), 6), expected, "{held:?} {from} {steps:?}");
        };
        check(&[0, 1], 2, &[2, 3], AppendOutcome::AddedFrom(2));
        check(&[], 0, &[0], AppendOutcome::AddedFrom(0));
        check(&[0, 1], 2, &[1], AppendOutcome::AddedFrom(2)); // repeats a step
        check(&[0, 1], 0, &[0, 1], AppendOutcome::Unchanged); // present already
        check(&[0, 1], 3, &[3], AppendOutcome::Refetch); // a point was missed
        check(&[0, 1], 1, &[1, 2], AppendOutcome::Refetch); // overlaps
        check(&[0, 5], 2, &[3], AppendOutcome::Refetch); // goes back
        check(&[0, 1, 2, 3, 4], 5, &[5, 6], AppendOutcome::Refetch); // too many for the chart
        assert_eq!(series(&[0, 1], false).append(2, 3, &points(&[2]), 6), AppendOutcome::Refetch);
        assert_eq!(series(&[0, 1], true).append(2, 900, &Points::default(), 6), AppendOutcome::Refetch);
    }

    #[test]
    fn appended_non_finite_values_are_listed() {
        let mut series = series(&[0], true);
        series.append(1, 2, &points(&[13]), 9);
        let scale = AxisScale { axis: XAxisMode::Step, origin: 0.0, unit: 1.0 };
        assert_eq!(series.non_finite(scale).map(|(position, _)| position).collect::<Vec<_>>(), [13.0]);
    }

    #[test]
    fn points_outside_of_the_range_do_not_change_a_zoomed_series() {
        let range = Some(AxisRange { along: XAxis::Step, from: 0, to: 10 });
        let mut zoomed = LineSeries { range, total: 100, ..LineSeries::default() };
        assert_eq!(zoomed.append(100, 101, &points(&[100]), 9), AppendOutcome::Unchanged);
        assert_eq!(zoomed.total, 101);
        assert_eq!(zoomed.append(101, 102, &points(&[5]), 9), AppendOutcome::Refetch);
    }

    #[test]
    fn an_exact_series_covers_every_range() {
        let range = Some(AxisRange { along: XAxis::Step, from: 0, to: 1 });
        assert!(series(&[0, 1], true).covers(range));
        assert!(!series(&[0, 1], false).covers(range));
        assert!(series(&[0, 1], false).covers(None));
    }

    #[test]
    fn coordinate_is_the_inverse_of_position() {
        for axis in [XAxisMode::Step, XAxisMode::Relative, XAxisMode::Wall] {
            let scale = AxisScale { axis, origin: 5e15, unit: 6e7 };
            let coordinate = scale.coordinate(scale.position(5_000_000_060_000_000.0, 5_000_000_060_000_000.0));
            assert!((coordinate - 5_000_000_060_000_000.0).abs() < 1.0);
        }
    }
}
