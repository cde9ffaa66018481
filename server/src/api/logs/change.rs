//! Logs renamed, replaced and deleted.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use domain::ids::{ExperimentId, LogId};
use domain::logs::LogName;
use http::{Method, StatusCode};
use serde::Deserialize;
use serde_json::Value;
use tracker::{LogEdit, Selection};
use utoipa::ToSchema;

use super::Answer;
use super::read::whole;
use crate::access::Access::Write;
use crate::api::answer::Several;
use crate::api::both;
use crate::api::request::{Id, Sent, Who};
use crate::problem::Problem;
use crate::routes::Route;
use crate::server::Server;

/// What to change; what is left out or null stays.
#[derive(Deserialize, ToSchema)]
#[schema(as = LogEdit, example = json!({"name": "train/loss", "data": [0.9, 0.7]}))]
pub struct Edit {
    /// Another name.
    name: Option<String>,
    /// Other data, in the shape of the log's type. It replaces all of it, also the points of a LINE.
    data: Option<Value>,
}

pub fn routes() -> Vec<Route> {
    [
        both(Method::PATCH, "/log/{id}", Write, edit_log),
        both(Method::DELETE, "/log/{id}", Write, delete_log),
        both(Method::DELETE, "/experiment/{id}/logs", Write, delete_logs),
    ]
    .concat()
}

/// Rename a log or replace its data
#[utoipa::path(patch, path = "/api/log/{id}", tag = "Logs", params(("id" = Uuid, Path)), request_body = Edit, responses((status = 200, body = Answer), (status = 409, description = "The experiment has a log of that name: `conflict`.")))]
pub async fn edit_log(
    State(server): State<Server>,
    Who(who): Who,
    Id(id): Id<LogId>,
    Sent(sent): Sent<Edit>,
) -> Result<Response, Problem> {
    let name = sent.name.as_deref().map(LogName::parse).transpose().map_err(tracker::Error::from)?;
    let log = server.tracker.edit_log(&who, id, LogEdit { name, data: sent.data.clone() }).await?;
    match sent.data {
        Some(data) => Ok(Json(Answer::new(log, Some(data))?).into_response()),
        None => whole(&server, &who, log).await,
    }
}

/// Delete a log
#[utoipa::path(delete, path = "/api/log/{id}", tag = "Logs", params(("id" = Uuid, Path)), responses((status = 204)))]
pub async fn delete_log(State(server): State<Server>, Who(who): Who, Id(id): Id<LogId>) -> Result<StatusCode, Problem> {
    server.tracker.delete_log(&who, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Delete several of an experiment's logs
///
/// Either all of those named or, when something fails, none. Ids of nothing that is there are passed over.
#[utoipa::path(delete, path = "/api/experiment/{id}/logs", tag = "Logs", params(("id" = Uuid, Path)), request_body = Several, responses((status = 204)))]
pub async fn delete_logs(
    State(server): State<Server>,
    Who(who): Who,
    Id(experiment): Id<ExperimentId>,
    Sent(several): Sent<Several>,
) -> Result<StatusCode, Problem> {
    let ids = match several.which(LogId) {
        Selection::Ids(ids) => ids,
        Selection::All => server.tracker.log_ids(&who, experiment).await?,
    };
    server.tracker.delete_logs(&who, experiment, &ids).await?;
    Ok(StatusCode::NO_CONTENT)
}
