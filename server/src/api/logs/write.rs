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

use super::Answer;
use crate::access::Access::Write;
use crate::api::both;
use crate::api::request::{Asked, Id, Who, invalid, read_json};
use crate::problem::{Problem, sentence};
use crate::routes::Route;
use crate::server::Server;

/// What to log.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewLog, example = json!({"name": "train/loss", "type": "LINE", "data": 0.5}))]
pub struct New {
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
pub struct More {
    /// A number, a list of numbers, or an object with `steps` and `values`.
    data: Value,
}

pub fn routes() -> Vec<Route> {
    [
        both(Method::POST, "/experiment/{id}/logs", Write, create_log),
        both(Method::POST, "/log/{id}/append", Write, append_to_log),
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
    request_body = New, responses(
        (status = 200, body = Answer),
        (status = 409, description = "There is a log of that name with another type, or with `raise_on_conflict` of any: `conflict`. Also when the experiment is full."),
    ),
)]
pub async fn create_log(
    State(server): State<Server>,
    Who(who): Who,
    Id(experiment): Id<ExperimentId>,
    asked: Asked,
    body: Bytes,
) -> Result<Json<Answer>, Problem> {
    let New { name, kind, data } = read_json(&body)?;
    let name = LogName::parse(&name)?;
    let kind: Kind = kind.parse().map_err(|error| invalid(sentence(&error)))?;
    let if_exists = if asked.flag("raise_on_conflict")? { IfExists::Refuse } else { IfExists::Continue };
    let parsed = parse(kind, &data)?;
    let log = server.tracker.log(&who, experiment, name, parsed, if_exists).await?;
    Answer::new(log, Some(data)).map(Json)
}

/// Append to a LINE
#[utoipa::path(post, path = "/api/log/{id}/append", tag = "Logs", params(("id" = Uuid, Path)), request_body = More, responses((status = 200, body = Answer), (status = 409, description = "The log is no LINE: `conflict`.")))]
pub async fn append_to_log(
    State(server): State<Server>,
    Who(who): Who,
    Id(id): Id<LogId>,
    body: Bytes,
) -> Result<Json<Answer>, Problem> {
    let More { data } = read_json(&body)?;
    match parse(Kind::Line, &data)? {
        Data::Line(samples) => {
            let log = server.tracker.append(&who, id, samples).await?;
            Answer::new(log, Some(data)).map(Json)
        }
        Data::Document(_) => Err(Problem::internal()),
    }
}

fn parse(kind: Kind, data: &Value) -> Result<Data, Problem> {
    Data::parse(kind, data).map_err(|error| invalid(sentence(&error)))
}
