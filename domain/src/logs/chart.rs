//! Charts: the points of a line, downsampled to the resolution of a screen.

use serde::{Deserialize, Serialize};

use super::{Reading, Step};

/// The coordinate in which a range of points is given.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum XAxis {
    /// Step numbers.
    #[default]
    Step,
    /// Microseconds since the Unix epoch.
    Time,
}

/// The requested part of a line and its resolution.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChartQuery {
    /// The coordinate of `from` and `to`.
    pub x_axis: XAxis,
    /// The first coordinate; `None` means the start of the line.
    pub from: Option<i64>,
    /// The last coordinate, inclusive; `None` means the end of the line.
    pub to: Option<i64>,
    /// Maximum number of buckets, clamped to 1…[`ChartQuery::MAX_BUCKETS`].
    pub buckets: u32,
}

impl ChartQuery {
    /// Maximum number of buckets. No screen shows more of them apart.
    pub const MAX_BUCKETS: u32 = 1_000;

    /// Returns a query for the whole line.
    #[must_use]
    pub fn whole(buckets: u32) -> Self {
        Self { x_axis: XAxis::Step, from: None, to: None, buckets }
    }
}

/// A part of a line: its points, or downsampled buckets if there are more than twice as many points as buckets.
///
/// A bucket covers consecutive points in the order of steps. It holds their smallest, largest and mean finite value, so that
/// no extreme is lost. The first bucket begins with the first point and the last one ends with the last point.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chart {
    /// Number of points of the whole line.
    pub total: u64,
    /// Number of points in the requested range. A downsampled chart may show up to one bucket more on either side.
    pub within: u64,
    /// Whether the entries are the points themselves rather than buckets.
    pub exact: bool,
    /// The step of each point, or of the first point of each bucket.
    pub steps: Vec<Step>,
    /// The time of each point, or of the first point of each bucket, in microseconds since the Unix epoch.
    pub times: Vec<i64>,
    /// The value of each point, or the mean of the finite values of each bucket; `NaN` if a bucket has no finite value.
    pub values: Vec<Reading>,
    /// The smallest finite value of each bucket; empty if `exact`.
    pub low: Vec<Reading>,
    /// The largest finite value of each bucket; empty if `exact`.
    pub high: Vec<Reading>,
    /// The values that are not finite, at most [`Chart::MAX_NON_FINITE`].
    pub non_finite: Vec<NonFinite>,
}

impl Chart {
    /// Maximum number of non-finite values in a chart.
    pub const MAX_NON_FINITE: usize = 500;
}

/// A value that is not finite, with the point or bucket that contains it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct NonFinite {
    /// The step of the point, or of the first point of the bucket.
    pub step: Step,
    /// The time of the point, or of the first point of the bucket, in microseconds since the Unix epoch.
    pub at: i64,
    /// `NaN` or an infinity.
    pub value: Reading,
}
