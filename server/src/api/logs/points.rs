//! Download of all points of a line, with a token or a session.

use std::fmt::Write as _;

use axum::extract::State;
use axum::response::Response;
use domain::ids::LogId;
use domain::logs::Log;
use http::header::CONTENT_DISPOSITION;
use http::{HeaderValue, Method};
use tracker::{Actor, PointStream, Tracker};

use super::time::Times;
use crate::access::Access;
use crate::api::api_and_sdk_routes;
use crate::api::request::{Authenticated, PathId, QueryParams, invalid};
use crate::api::stream::{self, ResponseWriter, StreamError};
use crate::problem::Problem;
use crate::routes::Route;
use crate::server::Server;

/// Number of points written between two checks whether the buffer is full.
const POINTS_PER_CHECK: usize = 4_096;

pub fn routes() -> Vec<Route> {
    let for_scripts = api_and_sdk_routes(Method::GET, "/log/{id}/points", Access::Read, export_points);
    let for_people = Route::get("/log/{id}/points", Access::Session, export_points);
    [for_scripts, vec![for_people]].concat()
}

/// Download all points of a LINE as CSV or JSON
///
/// Points are ordered by step, and points with the same step by arrival. CSV has the columns `step`, `time` and `value`; JSON
/// is `{"name", "columns": ["step", "time", "value"], "points": [[0, "2026-11-24T22:36:08.120394Z", 0.5], …]}`. Values that
/// are not finite are `NaN`, `Infinity` and `-Infinity`, as strings in JSON. Entries that are not numbers are written as they are.
/// If the log has named lines, a column `line` with their names comes first.
#[utoipa::path(
    get, path = "/api/log/{id}/points", tag = "Logs",
    params(("id" = Uuid, Path), ("format" = Option<String>, Query, description = "`csv` (default) or `json`.", example = "json")),
    responses((status = 200, description = "A file", content((String = "text/csv"), (Object = "application/json")))),
)]
pub async fn export_points(
    State(server): State<Server>,
    Authenticated(who): Authenticated,
    PathId(id): PathId<LogId>,
    query: QueryParams,
) -> Result<Response, Problem> {
    let format = Format::parse(query.first("format"))?;
    let log = server.tracker.read_log(&who, id).await?;
    let points = ExportedLines::open(&server.tracker, &who, &log).await?;
    let disposition = content_disposition(&log, format);
    let mut response = match format {
        Format::Csv => stream::stream_response("text/csv; charset=utf-8", move |out| write_csv(points, out)),
        Format::Json => stream::stream_response("application/json", move |out| write_json(log, points, out)),
    };
    response.headers_mut().insert(CONTENT_DISPOSITION, disposition);
    Ok(response)
}

#[derive(Clone, Copy)]
enum Format {
    Csv,
    Json,
}

impl Format {
    fn parse(word: Option<&str>) -> Result<Self, Problem> {
        match word {
            None | Some("csv") => Ok(Self::Csv),
            Some("json") => Ok(Self::Json),
            Some(_) => Err(invalid("'format' must be 'csv' or 'json'.")),
        }
    }
}

/// The points of a log: those of the line itself and of its named lines.
struct ExportedLines {
    /// Names and points. The line itself has the name `""`, and is left out if it has no points beside named lines.
    lines: Vec<(String, PointStream)>,
    /// Whether the export has a column with the names.
    named: bool,
}

impl ExportedLines {
    async fn open(tracker: &Tracker, who: &Actor, log: &Log) -> Result<Self, tracker::Error> {
        let unnamed = tracker.points(who, log.id).await?;
        let named = !log.named_lines.is_empty();
        let mut lines = Vec::with_capacity(1 + log.named_lines.len());
        if !named || unnamed.count() > 0 {
            lines.push((String::new(), unnamed));
        }
        for line in &log.named_lines {
            lines.push((line.name.clone(), tracker.points(who, line.id).await?));
        }
        Ok(Self { lines, named })
    }
}

async fn write_csv(export: ExportedLines, mut out: ResponseWriter) -> Result<(), StreamError> {
    out.text(if export.named { "line,step,time,value\n" } else { "step,time,value\n" });
    let mut times = Times::default();
    for (name, mut stream) in export.lines {
        let prefix = if export.named { format!("{},", csv_field(&name)) } else { String::new() };
        while let Some(points) = stream.next().await? {
            for at in 0..points.len() {
                out.text(&prefix);
                out.value(&points.steps[at])?;
                out.text(",");
                out.text(times.text(points.times[at]));
                out.text(",");
                let value = points.values[at];
                match (value.text_position(), value.non_finite_name()) {
                    (Some(position), _) => out.text(&csv_entry(stream.text(position).await?)),
                    (None, Some(name)) => out.text(name),
                    (None, None) => out.value(&value.0)?,
                }
                out.text("\n");
                if at % POINTS_PER_CHECK == 0 {
                    out.send_if_full().await?;
                }
            }
        }
    }
    out.finish().await
}

async fn write_json(log: Log, export: ExportedLines, mut out: ResponseWriter) -> Result<(), StreamError> {
    out.text("{\"name\":");
    out.value(&log.name)?;
    out.text(",\"columns\":[");
    out.text(if export.named { "\"line\"," } else { "" });
    out.text("\"step\",\"time\",\"value\"],\"points\":[");
    let mut times = Times::default();
    let mut between = "[";
    for (name, mut stream) in export.lines {
        while let Some(points) = stream.next().await? {
            for at in 0..points.len() {
                out.text(std::mem::replace(&mut between, ",["));
                if export.named {
                    out.value(&name)?;
                    out.text(",");
                }
                out.value(&points.steps[at])?;
                out.text(",\"");
                out.text(times.text(points.times[at]));
                out.text("\",");
                let value = points.values[at];
                match value.text_position() {
                    Some(position) => out.text(stream.text(position).await?),
                    None => out.value(&value)?,
                }
                out.text("]");
                if at % POINTS_PER_CHECK == 0 {
                    out.send_if_full().await?;
                }
            }
        }
    }
    out.text("]}");
    out.finish().await
}

/// Returns an entry that is not a number as a CSV field: text without its JSON quotes, anything else as JSON.
fn csv_entry(json: &str) -> String {
    csv_field(&serde_json::from_str::<String>(json).unwrap_or_else(|_| json.to_owned()))
}

/// Quotes a field. An apostrophe precedes text that a spreadsheet would run as a formula.
fn csv_field(text: &str) -> String {
    let apostrophe = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
    format!("\"{apostrophe}{}\"", text.replace('"', "\"\""))
}

/// Returns a `Content-Disposition` header that names the file after the log, in characters that every file system accepts.
fn content_disposition(log: &Log, format: Format) -> HeaderValue {
    let name: String = log.name.as_str().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let ending = match format {
        Format::Csv => "csv",
        Format::Json => "json",
    };
    let mut text = String::from("attachment; filename=\"");
    let _ = write!(text, "{name}.{ending}\"");
    HeaderValue::try_from(text).unwrap_or(HeaderValue::from_static("attachment"))
}
