//! Endpoints that log data. They are called most often, so each body is parsed once and nothing unnecessary is done.

use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use domain::ids::{ExperimentId, LogId};
use domain::logs::{Data, Kind, LineSamples, LogName};
use http::Method;
use serde::Deserialize;
use serde_json::value::RawValue;
use tracker::IfExists;
use utoipa::ToSchema;

use super::LogResponse;
use super::response::{log_response, sent_document_data, sent_line_data};
use crate::access::Access::Write;
use crate::api::api_and_sdk_routes;
use crate::api::request::{Authenticated, PathId, QueryParams, invalid, parse_body, read_json};
use crate::problem::{Problem, to_sentence};
use crate::routes::Route;
use crate::server::Server;

/// Data to log.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewLog, example = json!({"name": "train/loss", "type": "LINE", "data": 0.5}))]
pub struct CreateLog<'a> {
    /// 1–255 characters. The part before the first `/` groups logs on the page.
    name: String,
    /// `VALUE`, `LINE`, `BAR`, `TABLE`, `HEATMAP`, `IMAGE`, `LABELMAP` or `EVALUATION`.
    #[serde(rename = "type")]
    kind: String,
    /// Any JSON value. Data in a shape that the type doesn't draw is kept and shown as data. A number may be null or `"NaN"` for
    /// not-a-number.
    #[serde(borrow)]
    #[schema(value_type = Value)]
    data: &'a RawValue,
}

/// Data to append.
#[derive(Deserialize, ToSchema)]
#[schema(as = MoreData, example = json!({"data": [0.9, 0.7]}))]
pub struct AppendData<'a> {
    /// A number, a list of numbers, a list of pairs of step and number, an object with `steps` and `values`, or an object from the
    /// names of lines to any of these. Anything else is kept as an entry that is not a number.
    #[serde(borrow)]
    #[schema(value_type = Value)]
    data: &'a RawValue,
}

pub fn routes() -> Vec<Route> {
    [
        api_and_sdk_routes(Method::POST, "/experiment/{id}/logs", Write, create_log),
        api_and_sdk_routes(Method::POST, "/log/{id}/append", Write, append_to_log),
    ]
    .concat()
}

/// Log data under a name
///
/// Appends to an existing LINE and replaces an existing log of any other type, unless `raise_on_conflict` is set. A log that is
/// not a LINE takes the type of the new data. To log many points at once, use the batch endpoint.
#[utoipa::path(
    post, path = "/api/experiment/{id}/logs", tag = "Logs",
    params(("id" = Uuid, Path), ("raise_on_conflict" = Option<bool>, Query, description = "Fail if a log with this name exists.")),
    request_body = CreateLog<'_>, responses(
        (status = 200, body = LogResponse),
        (status = 409, description = "A log with this name is a LINE and the data is not, or the reverse, or `raise_on_conflict` is set and it exists: `conflict`."),
        (status = 429, description = "The server has no memory left for a request above 1 MiB; `Retry-After` says when to try again: `too_many`."),
    ),
)]
pub async fn create_log(
    State(server): State<Server>,
    Authenticated(who): Authenticated,
    PathId(experiment): PathId<ExperimentId>,
    query: QueryParams,
    body: Bytes,
) -> Result<Response, Problem> {
    let if_exists = if query.flag("raise_on_conflict")? { IfExists::Refuse } else { IfExists::Continue };
    let (name, data, sent) = parse_body(body, parse_log).await?;
    let log = server.tracker.log(&who, experiment, name, data, if_exists).await?;
    log_response(&log, sent)
}

/// Returns the name and the data of a log, and the data as it was sent.
fn parse_log(body: &Bytes) -> Result<(LogName, Data, Bytes), Problem> {
    let CreateLog { name, kind, data } = read_json(body)?;
    let name = LogName::parse(&name)?;
    let kind: Kind = kind.parse().map_err(|error| invalid(to_sentence(&error)))?;
    let (data, sent) = parse_data(kind, body, data);
    Ok((name, data, sent))
}

/// Append to a LINE
#[utoipa::path(post, path = "/api/log/{id}/append", tag = "Logs", params(("id" = Uuid, Path)), request_body = AppendData<'_>, responses((status = 200, body = LogResponse), (status = 409, description = "The log is not a LINE: `conflict`."), (status = 429, description = "The server has no memory left for a request above 1 MiB; `Retry-After` says when to try again: `too_many`.")))]
pub async fn append_to_log(
    State(server): State<Server>,
    Authenticated(who): Authenticated,
    PathId(id): PathId<LogId>,
    body: Bytes,
) -> Result<Response, Problem> {
    let (samples, sent) = parse_body(body, parse_append).await?;
    log_response(&server.tracker.append(&who, id, samples).await?, sent)
}

fn parse_append(body: &Bytes) -> Result<(LineSamples, Bytes), Problem> {
    let AppendData { data } = read_json(body)?;
    Ok((LineSamples::parse(data), sent_line_data(body, data)))
}

/// Parses data in a body, and returns it with the data for the response.
pub fn parse_data(kind: Kind, body: &Bytes, sent: &RawValue) -> (Data, Bytes) {
    let data = Data::parse(kind, sent);
    let response = match &data {
        Data::Line(_) => sent_line_data(body, sent),
        Data::Document(document) => sent_document_data(body, sent, document),
    };
    (data, response)
}
