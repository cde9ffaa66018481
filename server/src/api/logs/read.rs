//! Endpoints that list, find and read logs. The points of lines are streamed.

use axum::extract::State;
use axum::response::Response;
use domain::ids::{ExperimentId, LogId};
use domain::logs::{Document, Extreme, Kind, LineSummary, Log, LogName};
use http::Method;
use serde::Serialize;
use serde_json::Value;
use serde_json::value::RawValue;
use tracker::Actor;
use utoipa::ToSchema;

use super::line::LineData;
use super::response::{document_data, log_response};
use super::{LogHead, LogResponse};
use crate::access::Access::Read;
use crate::api::api_and_sdk_routes;
use crate::api::request::{Authenticated, PathId, QueryParams, invalid};
use crate::api::schemas::ListResponse;
use crate::api::stream::{self, ListResponseWriter, ResponseWriter, StreamError, stream_ids};
use crate::problem::Problem;
use crate::routes::Route;
use crate::server::Server;

const JSON: &str = "application/json";

/// A log in a list, with a summary instead of the points of a line.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "id": "01939f3c-7a50-7cc2-b7d4-0a8a5f0c1e2d", "experiment_id": "01939f3c-5b1e-7d03-9c5e-6f4b1c2a8e90",
    "name": "train/loss", "type": "LINE",
    "created_at": "2026-11-24T22:36:08.120394Z", "updated_at": "2026-11-24T22:41:55.903117Z",
    "line": {
        "count": 400, "first_step": 0, "last_step": 399,
        "min": {"value": 0.3, "step": 391.0}, "max": {"value": 2.4, "step": 0.0}, "last_value": 0.31,
    },
}))]
pub struct LogSummary {
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
    /// The data; omitted for lines.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Value>)]
    data: Option<Box<RawValue>>,
    /// The summary of a line; omitted for other types.
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<LineFigures>,
}

/// The summary of a line.
#[derive(Serialize, ToSchema)]
pub struct LineFigures {
    /// Number of points.
    count: u64,
    /// The smallest step, rounded down.
    first_step: i64,
    /// The largest step, rounded up.
    last_step: i64,
    /// The smallest finite value, and the step at which it was logged first. Missing if there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    min: Option<ExtremeValue>,
    /// The largest finite value, and the step at which it was logged first. Missing if there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    max: Option<ExtremeValue>,
    /// The value that arrived last; null if it is not finite.
    #[schema(value_type = Option<f64>)]
    last_value: Value,
}

/// A value of a line with its step.
#[derive(Serialize, ToSchema)]
pub struct ExtremeValue {
    /// The value.
    value: f64,
    /// The step.
    step: f64,
}

impl From<Log> for LogSummary {
    fn from(from: Log) -> Self {
        Self {
            id: from.id,
            experiment_id: from.experiment,
            name: from.name.into(),
            kind: from.kind,
            created_at: from.created_at.rfc3339(),
            updated_at: from.updated_at.rfc3339(),
            data: from.document.and_then(|document| RawValue::from_string(document.json().to_owned()).ok()),
            line: from.line.map(LineFigures::from),
        }
    }
}

impl From<LineSummary> for LineFigures {
    fn from(from: LineSummary) -> Self {
        let LineSummary { count, first_step, last_step, last, extremes, .. } = from;
        let value = |Extreme { value, step }| ExtremeValue { value, step: step.get() };
        let (min, max) = (extremes.min.map(value), extremes.max.map(value));
        Self { count, first_step, last_step, min, max, last_value: last.to_sdk() }
    }
}

pub fn routes() -> Vec<Route> {
    [
        api_and_sdk_routes(Method::GET, "/experiment/{id}/logs", Read, list_logs),
        api_and_sdk_routes(Method::GET, "/experiment/{id}/logs/extended", Read, list_extended_logs),
        api_and_sdk_routes(Method::GET, "/experiment/{id}/logs/find", Read, find_log),
        api_and_sdk_routes(Method::GET, "/experiment/{id}/logs/ids", Read, list_log_ids),
        api_and_sdk_routes(Method::GET, "/log/{id}", Read, get_log),
    ]
    .concat()
}

/// List an experiment's logs, oldest first, without the points of lines
#[utoipa::path(
    get, path = "/api/experiment/{id}/logs", tag = "Logs",
    params(
        ("id" = Uuid, Path), ("limit" = Option<i64>, Query), ("offset" = Option<i64>, Query), ("cursor" = Option<String>, Query),
        ("order_by" = Option<Vec<String>>, Query, description = "`name`, `type`, `created_at` or `updated_at`; with a leading `-` for descending order. May be repeated."),
    ),
    responses((status = 200, body = ListResponse<LogSummary>)),
)]
pub async fn list_logs(
    State(server): State<Server>,
    Authenticated(who): Authenticated,
    PathId(experiment): PathId<ExperimentId>,
    query: QueryParams,
) -> Result<Response, Problem> {
    let mut logs = server.tracker.list_logs(&who, experiment, query.range()?, &query.order()?).await?;
    Ok(stream::stream_response(JSON, move |out| async move {
        let mut out = ListResponseWriter::begin(out);
        while let Some(log) = logs.next().await? {
            out.next_item().value(&LogSummary::from(log))?;
            out.send_if_full().await?;
        }
        out.finish(logs.total(), logs.next_offset()).await
    }))
}

/// List an experiment's logs, oldest first, with all points of lines
#[utoipa::path(
    get, path = "/api/experiment/{id}/logs/extended", tag = "Logs",
    params(
        ("id" = Uuid, Path), ("limit" = Option<i64>, Query), ("offset" = Option<i64>, Query), ("cursor" = Option<String>, Query),
        ("order_by" = Option<Vec<String>>, Query, description = "`name`, `type`, `created_at` or `updated_at`; with a leading `-` for descending order. May be repeated."),
    ),
    responses((status = 200, body = ListResponse<LogResponse>)),
)]
pub async fn list_extended_logs(
    State(server): State<Server>,
    Authenticated(who): Authenticated,
    PathId(experiment): PathId<ExperimentId>,
    query: QueryParams,
) -> Result<Response, Problem> {
    let mut logs = server.tracker.list_logs(&who, experiment, query.range()?, &query.order()?).await?;
    Ok(stream::stream_response(JSON, move |out| async move {
        let mut out = ListResponseWriter::begin(out);
        while let Some(log) = logs.next().await? {
            let line = match log.kind {
                Kind::Line => match LineData::open(&server.tracker, &who, &log).await {
                    Ok(line) => Some(line),
                    // The log was deleted since it was listed.
                    Err(tracker::Error::NotFound(_)) => continue,
                    Err(error) => return Err(error.into()),
                },
                _ => None,
            };
            write_log(&log, line, out.next_item()).await?;
        }
        out.finish(logs.total(), logs.next_offset()).await
    }))
}

/// Find a log by name
#[utoipa::path(
    get, path = "/api/experiment/{id}/logs/find", tag = "Logs",
    params(("id" = Uuid, Path), ("name" = String, Query, description = "The name.", example = "train/loss")), responses((status = 200, body = LogResponse)),
)]
pub async fn find_log(
    State(server): State<Server>,
    Authenticated(who): Authenticated,
    PathId(experiment): PathId<ExperimentId>,
    query: QueryParams,
) -> Result<Response, Problem> {
    let name = query.first("name").ok_or_else(|| invalid("The parameter 'name' is missing."))?;
    let name = LogName::parse(name)?;
    let log = server.tracker.find_log(&who, experiment, &name).await?;
    full_log_response(&server, &who, log).await
}

/// List the ids of an experiment's logs, oldest first
#[utoipa::path(get, path = "/api/experiment/{id}/logs/ids", tag = "Logs", params(("id" = Uuid, Path)), responses((status = 200, body = Vec<Uuid>)))]
pub async fn list_log_ids(
    State(server): State<Server>,
    Authenticated(who): Authenticated,
    PathId(experiment): PathId<ExperimentId>,
) -> Result<Response, Problem> {
    Ok(stream_ids(server.tracker.log_ids(&who, experiment).await?))
}

/// Get a log, with all points of a line
#[utoipa::path(get, path = "/api/log/{id}", tag = "Logs", params(("id" = Uuid, Path)), responses((status = 200, body = LogResponse)))]
pub async fn get_log(
    State(server): State<Server>,
    Authenticated(who): Authenticated,
    PathId(id): PathId<LogId>,
) -> Result<Response, Problem> {
    let log = server.tracker.read_log(&who, id).await?;
    full_log_response(&server, &who, log).await
}

/// Returns a response with a log and all its data.
pub async fn full_log_response(server: &Server, who: &Actor, log: Log) -> Result<Response, Problem> {
    if log.kind != Kind::Line {
        let document = log.document.as_ref().ok_or_else(Problem::internal)?;
        return Ok(server.answers.hold(log_response(&log, document_data(document))?));
    }
    let line = LineData::open(&server.tracker, who, &log).await?;
    Ok(stream::stream_response(JSON, move |mut out| async move {
        write_log(&log, Some(line), &mut out).await?;
        out.finish().await
    }))
}

async fn write_log(log: &Log, line: Option<LineData>, out: &mut ResponseWriter) -> Result<(), StreamError> {
    out.value(&LogHead::of(log))?;
    out.reopen();
    out.text(",\"data\":");
    match (line, &log.document) {
        (Some(line), _) => line.write(out).await?,
        (None, document) => out.text(document.as_ref().map_or("null", Document::json)),
    }
    out.text("}");
    out.send_if_full().await
}
