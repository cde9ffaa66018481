//! Endpoints that change and delete experiments.

use axum::Json;
use axum::extract::State;
use domain::experiments::Status;
use domain::ids::{ExperimentId, ProjectId};
use http::{Method, StatusCode};
use serde::Deserialize;
use tracker::ExperimentEdit;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{ExperimentResponse, experiment_response};
use crate::access::Access::Write;
use crate::api::api_and_sdk_routes;
use crate::api::request::{Authenticated, JsonBody, PathId, invalid, parse_description, parse_name};
use crate::api::schemas::IdSelection;
use crate::problem::Problem;
use crate::routes::Route;
use crate::server::Server;

/// The changes. Fields that are missing or null stay unchanged.
#[derive(Deserialize, ToSchema)]
#[schema(as = ExperimentEdit)]
pub struct UpdateExperiment {
    /// The new name.
    name: Option<String>,
    /// The new description.
    description: Option<String>,
    /// `WAITING`, `RUNNING`, `SUCCESS`, `FAILED`, `CANCELED` or `TERMINATED`.
    #[schema(example = "RUNNING")]
    status: Option<String>,
}

/// The base experiment to set.
#[derive(Deserialize, ToSchema)]
#[schema(as = BaseExperiment)]
pub struct SetBaseExperiment {
    /// The base experiment's id. It must belong to the same organization.
    base_experiment_id: Uuid,
}

pub fn routes() -> Vec<Route> {
    [
        api_and_sdk_routes(Method::PATCH, "/experiment/{id}", Write, edit_experiment),
        api_and_sdk_routes(Method::DELETE, "/experiment/{id}", Write, delete_experiment),
        api_and_sdk_routes(Method::DELETE, "/project/{id}/experiments", Write, delete_experiments),
        api_and_sdk_routes(Method::POST, "/experiment/{id}/experiment", Write, set_base_experiment),
        api_and_sdk_routes(Method::POST, "/experiment/{id}/launch", Write, launch_experiment),
    ]
    .concat()
}

/// Change an experiment's name, description or status
///
/// Everyone who may log to the experiment may set its status. Name and description require an editor of the project.
#[utoipa::path(patch, path = "/api/experiment/{id}", tag = "Experiments", params(("id" = Uuid, Path)), request_body = UpdateExperiment, responses((status = 200, body = ExperimentResponse), (status = 409, description = "The project already has an experiment with this name: `conflict`.")))]
pub async fn edit_experiment(
    State(server): State<Server>,
    Authenticated(who): Authenticated,
    PathId(id): PathId<ExperimentId>,
    JsonBody(body): JsonBody<UpdateExperiment>,
) -> Result<Json<ExperimentResponse>, Problem> {
    let edit = ExperimentEdit {
        name: body.name.as_deref().map(parse_name).transpose()?,
        description: body.description.as_deref().map(parse_description).transpose()?,
        seen_version: None,
    };
    let status = body.status.map(|word| word.parse::<Status>()).transpose();
    let status = status.map_err(|error| invalid(format!("{error}.")))?;
    if edit.name.is_some() || edit.description.is_some() {
        server.tracker.edit_experiment(&who, id, &edit).await?;
    }
    if let Some(status) = status {
        server.tracker.set_status(&who, id, status).await?;
    }
    experiment_response(&server, &who, id).await.map(Json)
}

/// Delete an experiment and everything in it
#[utoipa::path(delete, path = "/api/experiment/{id}", tag = "Experiments", params(("id" = Uuid, Path)), responses((status = 204)))]
pub async fn delete_experiment(
    State(server): State<Server>,
    Authenticated(who): Authenticated,
    PathId(id): PathId<ExperimentId>,
) -> Result<StatusCode, Problem> {
    server.tracker.delete_experiment(&who, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Delete several experiments of a project
///
/// Deletes all of them, or none if an error occurs. Unknown ids are ignored.
#[utoipa::path(delete, path = "/api/project/{id}/experiments", tag = "Experiments", params(("id" = Uuid, Path)), request_body = IdSelection, responses((status = 204)))]
pub async fn delete_experiments(
    State(server): State<Server>,
    Authenticated(who): Authenticated,
    PathId(project): PathId<ProjectId>,
    JsonBody(selection): JsonBody<IdSelection>,
) -> Result<StatusCode, Problem> {
    server.tracker.delete_experiments(&who, project, &selection.into_selection(ExperimentId)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Set the base experiment
#[utoipa::path(post, path = "/api/experiment/{id}/experiment", tag = "Experiments", params(("id" = Uuid, Path)), request_body = SetBaseExperiment, responses((status = 200, body = ExperimentResponse)))]
pub async fn set_base_experiment(
    State(server): State<Server>,
    Authenticated(who): Authenticated,
    PathId(id): PathId<ExperimentId>,
    JsonBody(base): JsonBody<SetBaseExperiment>,
) -> Result<Json<ExperimentResponse>, Problem> {
    server.tracker.set_base_experiment(&who, id, ExperimentId(base.base_experiment_id)).await?;
    experiment_response(&server, &who, id).await.map(Json)
}

/// Launch an experiment (not supported)
///
/// Groundglass does not run training jobs. Start the script yourself.
#[utoipa::path(post, path = "/api/experiment/{id}/launch", tag = "Experiments", params(("id" = Uuid, Path)), responses((status = 422, description = "Always: `invalid`.")))]
pub async fn launch_experiment(
    State(server): State<Server>,
    Authenticated(who): Authenticated,
    PathId(id): PathId<ExperimentId>,
) -> Result<StatusCode, Problem> {
    server.tracker.experiment(&who, id).await?;
    Err(invalid("Groundglass does not run training jobs. Start the script yourself; it logs to this experiment."))
}
