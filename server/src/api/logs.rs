//! Endpoints that write and read logs.

pub mod batch;
pub mod change;
mod line;
pub mod points;
pub mod read;
mod time;
pub mod write;

use domain::Instant;
use domain::ids::{ExperimentId, LogId};
use domain::logs::{Kind, Log, Reading};
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use crate::problem::Problem;
use crate::routes::Route;

/// A log with its data.
#[derive(Serialize, ToSchema)]
#[schema(as = Log, example = json!({
    "id": "01939f3c-7a50-7cc2-b7d4-0a8a5f0c1e2d", "experiment_id": "01939f3c-5b1e-7d03-9c5e-6f4b1c2a8e90",
    "name": "train/loss", "type": "LINE",
    "created_at": "2026-11-24T22:36:08.120394Z", "updated_at": "2026-11-24T22:36:08.120394Z", "data": [0.9, 0.7],
}))]
pub struct LogResponse {
    #[schema(value_type = Uuid)]
    id: LogId,
    #[schema(value_type = Uuid)]
    experiment_id: ExperimentId,
    /// Unique within the experiment.
    name: String,
    /// `VALUE`, `LINE`, `BAR`, `TABLE`, `HEATMAP`, `IMAGE`, `LABELMAP` or `EVALUATION`.
    #[serde(rename = "type")]
    #[schema(value_type = String)]
    kind: Kind,
    #[schema(format = DateTime)]
    created_at: String,
    #[schema(format = DateTime)]
    updated_at: String,
    /// The data as it was sent. For a line, logging returns what was sent, and reading returns all values, or `steps` and
    /// `values` if any point was sent with a step. Numbers of a line that are not finite are null.
    #[schema(value_type = Value)]
    data: Box<RawValue>,
}

impl LogResponse {
    /// Returns a log with its document, or a line with the data that was sent to it.
    fn new(log: Log, sent: Option<Box<RawValue>>) -> Result<Self, Problem> {
        let data = match (log.document, sent) {
            (Some(document), _) => as_raw(document.json().to_owned())?,
            (None, Some(sent)) => as_sent(sent)?,
            (None, None) => return Err(Problem::internal()),
        };
        Ok(Self {
            id: log.id,
            experiment_id: log.experiment,
            name: log.name.into(),
            kind: log.kind,
            created_at: log.created_at.rfc3339(),
            updated_at: log.updated_at.rfc3339(),
            data,
        })
    }
}

/// Returns stored JSON for a response.
fn as_raw(json: String) -> Result<Box<RawValue>, Problem> {
    RawValue::from_string(json).map_err(|_| Problem::internal())
}

/// Returns the data sent to a line in a form that the SDK accepts: it sends `NaN` as null, but rejects responses with null.
fn as_sent(sent: Box<RawValue>) -> Result<Box<RawValue>, Problem> {
    match sent.get().as_bytes().first() {
        Some(b'[' | b'{') => Ok(sent),
        Some(b'"') => match serde_json::from_str(sent.get()).ok().and_then(|text: String| Reading::from_text(&text)) {
            // A number as text, such as `"NaN"`.
            Some(number) => as_raw(format!("[{}]", number.to_sdk())),
            None => as_raw(format!("[{}]", sent.get())),
        },
        _ => as_raw(format!("[{}]", sent.get())),
    }
}

/// The fields that precede a log's data in a streamed response.
#[derive(Serialize)]
struct LogHead<'a> {
    id: LogId,
    experiment_id: ExperimentId,
    name: &'a str,
    #[serde(rename = "type")]
    kind: Kind,
    created_at: String,
    updated_at: String,
}

impl<'a> LogHead<'a> {
    fn of(log: &'a Log) -> Self {
        let at = |instant: Instant| instant.rfc3339();
        Self {
            id: log.id,
            experiment_id: log.experiment,
            name: log.name.as_str(),
            kind: log.kind,
            created_at: at(log.created_at),
            updated_at: at(log.updated_at),
        }
    }
}

/// Returns all routes about logs. None of their responses is compressed: responses to logging are short and frequent, and
/// responses with whole lines should be fast.
pub fn routes() -> Vec<Route> {
    let routes = [write::routes(), read::routes(), change::routes(), batch::routes(), points::routes()].concat();
    routes.into_iter().map(Route::uncompressed).collect()
}
