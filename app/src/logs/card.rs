//! A log as its card shows it. The server renders its text, HTML and figure, so that the WASM does not contain the data types.

use domain::{
    ids::LogId,
    logs::{Direction, Extreme, Extremes, Kind, Layout},
};
use serde::{Deserialize, Serialize};

use super::number_format::format_short;

/// A log on the dashboard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogCard {
    /// The log's id.
    pub id: LogId,
    /// The log's name.
    pub name: String,
    /// The log's type.
    pub kind: Kind,
    /// The type whose card shows the data: a table if the log's own type doesn't draw data of this shape.
    pub shown_as: Kind,
    /// The number of times that the log was replaced.
    pub revision: i64,
    /// The text shown in large type: a line's last value, or a VALUE. Empty for other kinds.
    pub value: String,
    /// The amount of data: "3,120 points", "12 rows".
    pub note: String,
    /// The content as escaped HTML. `None` if the log is too large for the first load and is fetched by itself.
    pub html: Option<String>,
    /// Whether `html` is a table without some rows or columns, so that only the server can search and sort it.
    pub truncated: bool,
    /// The plotly.js figure, as JSON with `data` and `layout`. `None` for lines, which are drawn from their points.
    pub figure: Option<String>,
    /// The ids and names of the lines that a LINE draws: the line itself, its named lines, or both. Empty for other types.
    pub lines: Vec<(LogId, String)>,
    /// The smallest and the largest value of a LINE that draws a single line.
    pub extremes: Extremes,
    /// When the first and the last point of a LINE arrived, in microseconds since the Unix epoch. `None` for other types, and
    /// without points.
    pub period: Option<(i64, i64)>,
}

/// All logs of an experiment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DashboardData {
    /// The cards, oldest log first.
    pub cards: Vec<std::sync::Arc<LogCard>>,
    /// Number of logs on all pages together; if `paged`, of those that the filter matches.
    pub total: u64,
    /// Whether the experiment has more logs than fit on a page. The server then filters them.
    pub paged: bool,
    /// The layout of the cards.
    pub layout: Layout,
    /// The version of the layout.
    pub layout_version: i64,
    /// Whether the user may change the layout for everyone.
    pub may_edit_layout: bool,
    /// The URL of this server, as scripts use it.
    pub host: String,
}

/// A version of an image log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImageVersion {
    /// The file name.
    pub filename: String,
    /// A signed URL of the file, valid for about an hour.
    pub url: String,
    /// When the version was logged, as readable text.
    pub at: String,
}

/// Returns the name of a kind, for its label and its CSS class.
pub(super) fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Value => "value",
        Kind::Line => "line",
        Kind::Bar => "bar",
        Kind::Table => "table",
        Kind::Heatmap => "heatmap",
        Kind::Image => "image",
        Kind::Labelmap => "labelmap",
        Kind::Evaluation => "evaluation",
    }
}

/// Returns the best value of a line with its step: `best 0.031 at step 391`. Empty if the line has no best value.
pub(super) fn best_text(direction: Direction, extremes: &Extremes) -> String {
    let text = |best: Extreme| format!("best {} at step {}", format_short(best.value), format_short(best.step.get()));
    direction.best(extremes).map(text).unwrap_or_default()
}
