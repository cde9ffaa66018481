//! All points of a line as a file: for scripts by token, for people by session.

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

/// Points that are written before the reader is looked after.
const RUN: usize = 4_096;

pub fn routes() -> Vec<Route> {
    let for_scripts = api_and_sdk_routes(Method::GET, "/log/{id}/points", Access::Read, export_points);
    let for_people = Route::get("/log/{id}/points", Access::Session, export_points);
    [for_scripts, vec![for_people]].concat()
}

/// All points of a LINE, as CSV or JSON
///
/// In the order of their steps; those of one step in the order of their arrival. CSV has the columns `step`, `time` and
/// `value`; JSON is `{"name", "columns": ["step", "time", "value"], "points": [[0, "2026-11-24T22:36:08.120394Z", 0.5], …]}`.
/// Values that are not finite are `NaN`, `Infinity` and `-Infinity`, in JSON as texts.
#[utoipa::path(
    get, path = "/api/log/{id}/points", tag = "Logs",
    params(("id" = Uuid, Path), ("format" = Option<String>, Query, description = "`csv` (without it) or `json`.", example = "json")),
    responses((status = 200, description = "A file", content((String = "text/csv"), (Object = "application/json")))),
)]
pub async fn export_points(
    State(server): State<Server>,
    Authenticated(who): Authenticated,
    PathId(id): PathId<LogId>,
    query: QueryParams,
) -> Result<Response, Problem> {
    let format = Format::of(query.one("format"))?;
    let log = server.tracker.read_log(&who, id).await?;
    let points = server.tracker.points(&who, id).await?;
    let disposition = disposition(&log, format);
    let mut response = match format {
        Format::Csv => stream::stream_response("text/csv; charset=utf-8", move |out| csv(points, out)),
        Format::Json => stream::stream_response("application/json", move |out| json(log, points, out)),
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
    fn of(word: Option<&str>) -> Result<Self, Problem> {
        match word {
            None | Some("csv") => Ok(Self::Csv),
            Some("json") => Ok(Self::Json),
            Some(_) => Err(invalid("'format' is 'csv' or 'json'.")),
        }
    }
}

async fn csv(points: PointStream, mut out: ResponseWriter) -> Result<(), StreamError> {
    out.text("step,time,value\n");
    let mut times = Times::default();
    let mut row = |points: &Points, at: usize, out: &mut ResponseWriter| {
        out.value(&points.steps[at])?;
        out.text(",");
        out.text(times.text(points.times[at]));
        out.text(",");
        let value = points.values[at];
        match value.non_finite_name() {
            Some(word) => out.text(word),
            None => out.value(&value.0)?,
        }
        out.text("\n");
        Ok(())
    };
    rows(points, &mut out, &mut row).await?;
    out.finish().await
}

async fn json(log: Log, points: PointStream, mut out: ResponseWriter) -> Result<(), StreamError> {
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
    rows(points, &mut out, &mut row).await?;
    out.text("]}");
    out.finish().await
}

async fn rows(
    mut stream: PointStream,
    out: &mut ResponseWriter,
    row: &mut (impl FnMut(&Points, usize, &mut ResponseWriter) -> Result<(), StreamError> + Send),
) -> Result<(), StreamError> {
    while let Some(points) = stream.next().await? {
        for at in 0..points.len() {
            row(&points, at, out)?;
            if at % RUN == 0 {
                out.send_if_full().await?;
            }
        }
    }
    Ok(())
}

/// The file is named after the log, as far as every system takes such a name.
fn disposition(log: &Log, format: Format) -> HeaderValue {
    let name: String = log.name.as_str().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let ending = match format {
        Format::Csv => "csv",
        Format::Json => "json",
    };
    let mut text = String::from("attachment; filename=\"");
    let _ = write!(text, "{name}.{ending}\"");
    HeaderValue::try_from(text).unwrap_or(HeaderValue::from_static("attachment"))
}
