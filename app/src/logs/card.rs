//! A log as its card shows it: the server has made text, HTML and a figure of it, so that the browser need not know
//! the shapes of all kinds.

use domain::{
    ids::LogId,
    logs::{Kind, Layout, LineSummary},
};
use serde::{Deserialize, Serialize};

/// A log on the dashboard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Card {
    /// The log.
    pub id: LogId,
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// Counts how often it was replaced.
    pub revision: i64,
    /// What stands large on top: a line's last value, a VALUE; empty for other kinds.
    pub value: String,
    /// How much there is: "3,120 points", "12 rows".
    pub note: String,
    /// What stands in the card as HTML that does no harm; none when it is so large that it is asked for alone.
    pub html: Option<String>,
    /// What plotly.js draws of it, as JSON with `data` and `layout`; lines are drawn from their points.
    pub figure: Option<String>,
    /// How far a line is.
    pub line: Option<LineSummary>,
}

/// All logs of an experiment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dashboard {
    /// Their cards, the oldest first.
    pub cards: Vec<std::sync::Arc<Card>>,
    /// How they are laid out.
    pub layout: Layout,
    /// Which layout that is.
    pub layout_version: i64,
    /// Whether the reader may change it.
    pub may_arrange: bool,
    /// The address of this server, as scripts write it.
    pub host: String,
}

/// A version of a picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    /// Its file's name.
    pub filename: String,
    /// Where it is, for an hour or so.
    pub url: String,
    /// When it was logged, in words.
    pub at: String,
}

/// A kind's word for its CSS class and for readers: "line", "confusion matrix".
pub(super) fn word(kind: Kind) -> &'static str {
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
