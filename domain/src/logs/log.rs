//! A stored log.

use serde::{Deserialize, Serialize};

use super::{Document, Kind, LogName, Reading};
use crate::{
    Instant,
    ids::{ExperimentId, LogId},
    paging::SortField,
};

/// A log with either a document or, for a line, a summary. The points of a line are read separately.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Log {
    /// The log's id.
    pub id: LogId,
    /// The experiment that contains it.
    pub experiment: ExperimentId,
    /// The name, unique within the experiment.
    pub name: LogName,
    /// The type.
    pub kind: Kind,
    /// Number of times the log was renamed or replaced. Appending does not count.
    pub revision: i64,
    /// When the log was created.
    pub created_at: Instant,
    /// When data was last logged to it.
    pub updated_at: Instant,
    /// The document. `None` for lines, and where it was omitted because of its size.
    pub document: Option<Document>,
    /// The summary of a line; `None` for other types.
    pub line: Option<LineSummary>,
}

/// Sort keys for lists of logs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogField {
    /// Name, compared bytewise.
    Name,
    /// Type, compared as text.
    Kind,
    /// Creation time.
    CreatedAt,
    /// Time of the last logging.
    UpdatedAt,
}

impl SortField for LogField {
    const NAMES: &'static [(&'static str, Self)] = &[
        ("name", Self::Name),
        ("type", Self::Kind),
        ("creation_date", Self::CreatedAt),
        ("created_at", Self::CreatedAt),
        ("update_date", Self::UpdatedAt),
        ("updated_at", Self::UpdatedAt),
    ];
}

/// The length and the borders of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineSummary {
    /// Number of points.
    pub count: u64,
    /// The smallest step; 0 if there are no points.
    pub first_step: i64,
    /// The largest step; 0 if there are no points.
    pub last_step: i64,
    /// When the first point arrived, in microseconds since the Unix epoch; 0 if there are no points.
    pub first_at: i64,
    /// When the last point arrived, in microseconds since the Unix epoch; 0 if there are no points.
    pub last_at: i64,
    /// The value that arrived last; `NaN` if there are no points.
    pub last: Reading,
    /// Whether the script sent a step with any point. Otherwise steps are 0, 1, 2, ….
    pub explicit_steps: bool,
}
