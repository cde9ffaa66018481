//! Endpoints that rename, replace and delete logs.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use domain::ids::{ExperimentId, LogId};
use domain::logs::LogName;
use http::{Method, StatusCode};
use serde::Deserialize;
use serde_json::value::RawValue;
use tracker::{LogEdit, Selection};
use utoipa::ToSchema;

use super::LogResponse;
use super::read::full_log_response;
use crate::access::Access::Write;
use crate::api::api_and_sdk_routes;
use crate::api::request::{Authenticated, JsonBody, PathId};
use crate::api::schemas::IdSelection;
use crate::problem::Problem;
use crate::routes::Route;
use crate::server::Server;

/// The changes. Fields that are missing stay unchanged.
#[derive(Deserialize, ToSchema)]
#[schema(as = LogEdit, example = json!({"name": "train/loss", "data": [0.9, 0.7]}))]
pub struct UpdateLog {
    /// The new name.
    name: Option<String>,
    /// The new data. It replaces all previous data, including the points of a LINE. A null is data: it is how the SDK sends
    /// `NaN`.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<Value>)]
    data: Option<Box<RawValue>>,
}

/// Deserializes a field that is present, so that `null` is not taken for a missing field.
fn present<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Box<RawValue>>, D::Error> {
    Box::<RawValue>::deserialize(deserializer).map(Some)
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
#[utoipa::path(patch, path = "/api/log/{id}", tag = "Logs", params(("id" = Uuid, Path)), request_body = UpdateLog, responses((status = 200, body = LogResponse), (status = 409, description = "The experiment already has a log with this name: `conflict`.")))]
pub async fn edit_log(
    State(server): State<Server>,
    Authenticated(who): Authenticated,
    PathId(id): PathId<LogId>,
    JsonBody(sent): JsonBody<UpdateLog>,
) -> Result<Response, Problem> {
    let name = sent.name.as_deref().map(LogName::parse).transpose().map_err(tracker::Error::from)?;
    let log = server.tracker.edit_log(&who, id, LogEdit { name, data: sent.data.clone() }).await?;
    match sent.data {
        Some(data) => Ok(Json(LogResponse::new(log, Some(data))?).into_response()),
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
