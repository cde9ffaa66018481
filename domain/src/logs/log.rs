//! A log as it is kept.

use serde::{Deserialize, Serialize};

use super::{Document, Kind, LogName, Reading};
use crate::{
    Instant,
    ids::{ExperimentId, LogId},
    paging::Ordered,
};

/// A log: a line's figures or a document, never both. A line's points are asked for separately.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Log {
    /// Its id.
    pub id: LogId,
    /// The experiment it belongs to.
    pub experiment: ExperimentId,
    /// Its name, unique in the experiment.
    pub name: LogName,
    /// What it is.
    pub kind: Kind,
    /// Counts how often it was renamed or replaced; appending does not count.
    pub revision: i64,
    /// When it was first logged.
    pub created_at: Instant,
    /// When it was last logged to.
    pub updated_at: Instant,
    /// What it holds, unless it is a line, or was left out because of its size.
    pub document: Option<Document>,
    /// How far the line is.
    pub line: Option<LineSummary>,
}

/// What lists of logs can be ordered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogField {
    /// Their names, by bytes.
    Name,
    /// The words of their kinds.
    Kind,
    /// When they were first logged.
    CreatedAt,
    /// When they were last logged to.
    UpdatedAt,
}

impl Ordered for LogField {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("name", Self::Name),
        ("type", Self::Kind),
        ("creation_date", Self::CreatedAt),
        ("created_at", Self::CreatedAt),
        ("update_date", Self::UpdatedAt),
        ("updated_at", Self::UpdatedAt),
    ];
}

/// How far a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineSummary {
    /// How many points it has.
    pub count: u64,
    /// The smallest step; 0 without points.
    pub first_step: i64,
    /// The largest step; 0 without points.
    pub last_step: i64,
    /// When the first point arrived, in microseconds since 1970 in UTC; 0 without points.
    pub first_at: i64,
    /// When the last point arrived.
    pub last_at: i64,
    /// The reading that arrived last; NaN without points.
    pub last: Reading,
    /// Whether any point came with a step of its own; otherwise steps are 0, 1, 2, ….
    pub explicit_steps: bool,
}
