//! Logging: the addresses that are asked most. Each body is read once, and there is nothing here that a request does not need.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use domain::ids::{ExperimentId, LogId};
use domain::logs::{Data, Kind, LogName};
use http::Method;
use serde::Deserialize;
use serde_json::Value;
use tracker::IfExists;
use utoipa::ToSchema;

use super::LogResponse;
use crate::access::Access::Write;
use crate::api::api_and_sdk_routes;
use crate::api::request::{Authenticated, PathId, QueryParams, invalid, read_json};
use crate::problem::{Problem, sentence};
use crate::routes::Route;
use crate::server::Server;

/// What to log.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewLog, example = json!({"name": "train/loss", "type": "LINE", "data": 0.5}))]
pub struct CreateLog {
    /// 1–255 characters. What stands before the first `/` groups logs on the page.
    name: String,
    /// `VALUE`, `LINE`, `BAR`, `TABLE`, `HEATMAP`, `IMAGE`, `LABELMAP` or `EVALUATION`.
    #[serde(rename = "type")]
    kind: String,
    /// In the shape of the type; a refusal shows the right one. A number that is null or `"NaN"` is not a number.
    data: Value,
}

/// What to append.
#[derive(Deserialize, ToSchema)]
#[schema(as = MoreData, example = json!({"data": [0.9, 0.7]}))]
pub struct AppendData {
    /// A number, a list of numbers, or an object with `steps` and `values`.
    data: Value,
}

pub fn routes() -> Vec<Route> {
    [
        api_and_sdk_routes(Method::POST, "/experiment/{id}/logs", Write, create_log),
        api_and_sdk_routes(Method::POST, "/log/{id}/append", Write, append_to_log),
    ]
    .concat()
}

/// Log something under a name
///
/// A LINE of that name is continued; any other log is replaced, unless `raise_on_conflict` refuses that. A name keeps its
/// type. To log many points at once, see the batch.
#[utoipa::path(
    post, path = "/api/experiment/{id}/logs", tag = "Logs",
    params(("id" = Uuid, Path), ("raise_on_conflict" = Option<bool>, Query, description = "Refuse when there is a log of that name.")),
    request_body = CreateLog, responses(
        (status = 200, body = LogResponse),
        (status = 409, description = "There is a log of that name with another type, or with `raise_on_conflict` of any: `conflict`. Also when the experiment is full."),
    ),
)]
pub async fn create_log(
    State(server): State<Server>,
    Authenticated(who): Authenticated,
    PathId(experiment): PathId<ExperimentId>,
    query: QueryParams,
    body: Bytes,
) -> Result<Json<LogResponse>, Problem> {
    let CreateLog { name, kind, data } = read_json(&body)?;
    let name = LogName::parse(&name)?;
    let kind: Kind = kind.parse().map_err(|error| invalid(sentence(&error)))?;
    let if_exists = if query.flag("raise_on_conflict")? { IfExists::Refuse } else { IfExists::Continue };
    let parsed = parse(kind, &data)?;
    let log = server.tracker.log(&who, experiment, name, parsed, if_exists).await?;
    LogResponse::new(log, Some(data)).map(Json)
}

/// Append to a LINE
#[utoipa::path(post, path = "/api/log/{id}/append", tag = "Logs", params(("id" = Uuid, Path)), request_body = AppendData, responses((status = 200, body = LogResponse), (status = 409, description = "The log is no LINE: `conflict`.")))]
pub async fn append_to_log(
    State(server): State<Server>,
    Authenticated(who): Authenticated,
    PathId(id): PathId<LogId>,
    body: Bytes,
) -> Result<Json<LogResponse>, Problem> {
    let AppendData { data } = read_json(&body)?;
    match parse(Kind::Line, &data)? {
        Data::Line(samples) => {
            let log = server.tracker.append(&who, id, samples).await?;
            LogResponse::new(log, Some(data)).map(Json)
        }
        Data::Document(_) => Err(Problem::internal()),
    }
}

fn parse(kind: Kind, data: &Value) -> Result<Data, Problem> {
    Data::parse(kind, data).map_err(|error| invalid(sentence(&error)))
}
