//! Download of all points of a line, with a token or a session.

use std::fmt::Write as _;

use axum::extract::State;
use axum::response::Response;
use domain::ids::LogId;
use domain::logs::{Log, Points};
use http::header::CONTENT_DISPOSITION;
use http::{HeaderValue, Method};
use tracker::PointStream;

use super::stream::{self, ResponseWriter, StreamError};
use super::time::Times;
use crate::access::Access;
use crate::api::api_and_sdk_routes;
use crate::api::request::{Authenticated, PathId, QueryParams, invalid};
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
/// are not finite are `NaN`, `Infinity` and `-Infinity`, as strings in JSON.
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
    let points = server.tracker.points(&who, id).await?;
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

async fn write_csv(points: PointStream, mut out: ResponseWriter) -> Result<(), StreamError> {
    out.text("step,time,value\n");
    let mut times = Times::default();
    let mut row = |points: &Points, at: usize, out: &mut ResponseWriter| {
        out.value(&points.steps[at])?;
        out.text(",");
        out.text(times.text(points.times[at]));
        out.text(",");
        let value = points.values[at];
        match value.non_finite_name() {
            Some(name) => out.text(name),
            None => out.value(&value.0)?,
        }
        out.text("\n");
        Ok(())
    };
    write_rows(points, &mut out, &mut row).await?;
    out.finish().await
}

async fn write_json(log: Log, points: PointStream, mut out: ResponseWriter) -> Result<(), StreamError> {
    out.text("{\"name\":");
    out.value(&log.name)?;
    out.text(",\"columns\":[\"step\",\"time\",\"value\"],\"points\":[");
    let mut times = Times::default();
    let mut between = "[";
    let mut row = |points: &Points, at: usize, out: &mut ResponseWriter| {
        out.text(std::mem::replace(&mut between, ",["));
        out.value(&points.steps[at])?;
        out.text(",\"");
        out.text(times.text(points.times[at]));
        out.text("\",");
        out.value(&points.values[at])?;
        out.text("]");
        Ok(())
    };
    write_rows(points, &mut out, &mut row).await?;
    out.text("]}");
    out.finish().await
}

async fn write_rows(
    mut stream: PointStream,
    out: &mut ResponseWriter,
    row: &mut (impl FnMut(&Points, usize, &mut ResponseWriter) -> Result<(), StreamError> + Send),
) -> Result<(), StreamError> {
    while let Some(points) = stream.next().await? {
        for at in 0..points.len() {
            row(&points, at, out)?;
            if at % POINTS_PER_CHECK == 0 {
                out.send_if_full().await?;
            }
        }
    }
    Ok(())
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
