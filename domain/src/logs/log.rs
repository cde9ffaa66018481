//! A stored log.

use serde::{Deserialize, Serialize};

use super::{Document, Extremes, Kind, LogName, Reading};
use crate::{
    Instant,
    ids::{ExperimentId, LogId, ObjectId},
    paging::SortField,
};

/// A log with either a document or, for a line, a summary. The points of a line are read separately.
#[derive(Debug, Clone, PartialEq, Eq)]
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
    /// The uploaded image that an IMAGE shows. `None` for other types, and if the data does not name an uploaded image of the
    /// experiment.
    pub image: Option<ObjectId>,
    /// The summary of a line; `None` for other types.
    pub line: Option<LineSummary>,
    /// The named lines of a LINE, oldest first; empty for other types.
    pub named_lines: Vec<NamedLine>,
    /// The last entries of a LINE that are not numbers, as JSON. Long ones are cut.
    pub last_texts: Vec<String>,
}

/// A named line of a LINE, which is drawn together with the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedLine {
    /// The id of the line. Its points are read like those of a log.
    pub id: LogId,
    /// The name, unique within the log.
    pub name: String,
    /// The summary of the line.
    pub summary: LineSummary,
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
    /// The smallest step, rounded down to a whole number; 0 if there are no points.
    pub first_step: i64,
    /// The largest step, rounded up to a whole number; 0 if there are no points.
    pub last_step: i64,
    /// When the first point arrived, in microseconds since the Unix epoch; 0 if there are no points.
    pub first_at: i64,
    /// When the last point arrived, in microseconds since the Unix epoch; 0 if there are no points.
    pub last_at: i64,
    /// The value that arrived last; `NaN` if there are no points.
    pub last: Reading,
    /// The smallest and the largest value.
    pub extremes: Extremes,
    /// Number of entries that are not numbers. They count as points whose value is `NaN`.
    pub texts: u64,
    /// Whether the script sent a step with any point. Otherwise steps are 0, 1, 2, ….
    pub explicit_steps: bool,
}
