//! Endpoints that rename, replace and delete logs.

use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use domain::ids::{ExperimentId, LogId};
use domain::logs::LogName;
use http::{Method, StatusCode};
use serde::Deserialize;
use serde_json::value::RawValue;
use tracker::{LogEdit, Selection};
use utoipa::ToSchema;

use super::LogResponse;
use super::read::full_log_response;
use super::response::log_response;
use super::write::parse_data;
use crate::access::Access::Write;
use crate::api::api_and_sdk_routes;
use crate::api::request::{Authenticated, JsonBody, PathId, parse_body, read_json};
use crate::api::schemas::IdSelection;
use crate::problem::Problem;
use crate::routes::Route;
use crate::server::Server;

/// The changes. Fields that are missing stay unchanged.
#[derive(Deserialize, ToSchema)]
#[schema(as = LogEdit, example = json!({"name": "train/loss", "data": [0.9, 0.7]}))]
pub struct UpdateLog<'a> {
    /// The new name.
    name: Option<String>,
    /// The new data. It replaces all previous data, including the points of a LINE. A null is data: it is how the SDK sends
    /// `NaN`.
    #[serde(borrow, default, deserialize_with = "present")]
    #[schema(value_type = Option<Value>)]
    data: Option<&'a RawValue>,
}

/// Deserializes a field that is present, so that `null` is not taken for a missing field.
fn present<'de: 'a, 'a, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<&'a RawValue>, D::Error> {
    <&RawValue>::deserialize(deserializer).map(Some)
}

pub fn routes() -> Vec<Route> {
    [
        api_and_sdk_routes(Method::PATCH, "/log/{id}", Write, edit_log),
        api_and_sdk_routes(Method::DELETE, "/log/{id}", Write, delete_log),
        api_and_sdk_routes(Method::DELETE, "/experiment/{id}/logs", Write, delete_logs),
    ]
    .concat()
}

/// Rename a log or replace its data
#[utoipa::path(patch, path = "/api/log/{id}", tag = "Logs", params(("id" = Uuid, Path)), request_body = UpdateLog<'_>, responses((status = 200, body = LogResponse), (status = 409, description = "The experiment already has a log with this name: `conflict`."), (status = 429, description = "The server has no memory left for a request above 1 MiB; `Retry-After` says when to try again: `too_many`.")))]
pub async fn edit_log(
    State(server): State<Server>,
    Authenticated(who): Authenticated,
    PathId(id): PathId<LogId>,
    body: Bytes,
) -> Result<Response, Problem> {
    let kind = server.tracker.editable_log_kind(&who, id).await?;
    let parse = move |body: &Bytes| {
        let UpdateLog { name, data } = read_json(body)?;
        let name = name.as_deref().map(LogName::parse).transpose()?;
        let (data, sent) = data.map(|data| parse_data(kind, body, data)).unzip();
        Ok((LogEdit { name, data }, sent))
    };
    let (edit, sent) = parse_body(body, parse).await?;
    let log = server.tracker.edit_log(&who, id, edit).await?;
    match sent {
        Some(sent) => log_response(&log, sent),
        None => full_log_response(&server, &who, log).await,
    }
}

/// Delete a log
#[utoipa::path(delete, path = "/api/log/{id}", tag = "Logs", params(("id" = Uuid, Path)), responses((status = 204)))]
pub async fn delete_log(
    State(server): State<Server>,
    Authenticated(who): Authenticated,
    PathId(id): PathId<LogId>,
) -> Result<StatusCode, Problem> {
    server.tracker.delete_log(&who, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Delete several logs of an experiment
///
/// Deletes all of them, or none if an error occurs. Unknown ids are ignored.
#[utoipa::path(delete, path = "/api/experiment/{id}/logs", tag = "Logs", params(("id" = Uuid, Path)), request_body = IdSelection, responses((status = 204)))]
pub async fn delete_logs(
    State(server): State<Server>,
    Authenticated(who): Authenticated,
    PathId(experiment): PathId<ExperimentId>,
    JsonBody(selection): JsonBody<IdSelection>,
) -> Result<StatusCode, Problem> {
    let ids = match selection.into_selection(LogId) {
        Selection::Ids(ids) => ids,
        Selection::All => server.tracker.log_ids(&who, experiment).await?,
    };
    server.tracker.delete_logs(&who, experiment, &ids).await?;
    Ok(StatusCode::NO_CONTENT)
}
