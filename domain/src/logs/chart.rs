//! A line as a picture of some width.

use serde::{Deserialize, Serialize};

use super::Reading;

/// The coordinate in which a range is given.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum XAxis {
    /// Steps.
    #[default]
    Step,
    /// Microseconds since 1970 in UTC.
    Time,
}

/// Which part of a line, and how finely.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChartQuery {
    /// What `from` and `to` are.
    pub along: XAxis,
    /// Where the part begins; none is the beginning of the line.
    pub from: Option<i64>,
    /// Where it ends, this one included; none is the end of the line.
    pub to: Option<i64>,
    /// How many buckets at most, 1 to [`ChartQuery::MOST_BUCKETS`]; what is outside is brought in.
    pub buckets: u32,
}

impl ChartQuery {
    /// More buckets than this are not drawn apart on any screen.
    pub const MOST_BUCKETS: u32 = 1_000;

    /// All of a line.
    #[must_use]
    pub fn whole(buckets: u32) -> Self {
        Self { along: XAxis::Step, from: None, to: None, buckets }
    }
}

/// A part of a line: its points, or, when they are more than twice the buckets asked for, their reduction.
///
/// A bucket covers neighbouring points in the order of steps and shows their smallest, largest and mean finite value, so
/// that every extreme is there. The first bucket begins with the first point, the last ends with the last.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chart {
    /// How many points the line has.
    pub total: u64,
    /// How many of them are in the part asked for; a reduction at the borders may show a bucket's worth more.
    pub within: u64,
    /// Whether these are the points themselves.
    pub exact: bool,
    /// The step of each point, or of each bucket's first.
    pub steps: Vec<i64>,
    /// The time of each point, or of each bucket's first.
    pub times: Vec<i64>,
    /// The value of each point, or the mean of each bucket's finite values; NaN where there is none.
    pub values: Vec<Reading>,
    /// The smallest finite value of each bucket; empty when exact.
    pub low: Vec<Reading>,
    /// The largest finite value of each bucket; empty when exact.
    pub high: Vec<Reading>,
    /// Where values are not finite, at most [`Chart::MOST_ODD`] places.
    pub odd: Vec<NonFinite>,
}

impl Chart {
    /// How many places with values that are not finite are told at most.
    pub const MOST_ODD: usize = 500;
}

/// A place where a value is not finite: a point, or the bucket that it is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct NonFinite {
    /// The step of the point, or of the bucket's first.
    pub step: i64,
    /// The time of the point, or of the bucket's first.
    pub at: i64,
    /// NaN or an infinity.
    pub what: Reading,
}
