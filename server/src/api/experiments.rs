//! Endpoints that create, list, find and read experiments.

pub mod change;

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use domain::Instant;
use domain::experiments::{Experiment, Status};
use domain::ids::{ExperimentId, OrganizationId, ProjectId};
use domain::logs::{Document, Kind};
use http::{Method, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use tracker::{Actor, ExperimentSeed, Key, NewExperiment};
use utoipa::ToSchema;
use uuid::Uuid;

use super::api_and_sdk_routes;
use super::request::{Authenticated, JsonBody, PathId, QueryParams, invalid, parse_description, parse_name};
use super::schemas::ListResponse;
use super::stream::{stream_ids, stream_list};
use crate::access::Access::{Read, Write};
use crate::problem::Problem;
use crate::routes::Route;
use crate::server::Server;

/// An experiment.
#[derive(Serialize, ToSchema)]
#[schema(as = Experiment)]
pub struct ExperimentResponse {
    #[schema(value_type = Uuid)]
    id: ExperimentId,
    #[schema(value_type = Uuid)]
    project_id: ProjectId,
    /// Unique within the project.
    #[schema(example = "yolo-640")]
    name: String,
    /// Markdown.
    #[schema(example = "Larger input.")]
    description: String,
    /// `WAITING`, `RUNNING`, `SUCCESS`, `FAILED`, `CANCELED` or `TERMINATED`. The first request that logs or uploads something
    /// changes `WAITING` to `RUNNING`, unless `WAITING` was set explicitly.
    #[schema(value_type = String, example = "WAITING")]
    status: Status,
    /// When the training started: at the first request that logged or uploaded something, or when the status first became
    /// `RUNNING`. Null before that.
    #[schema(format = DateTime)]
    started_at: Option<String>,
    /// When the status became final: `SUCCESS`, `FAILED`, `CANCELED` or `TERMINATED`.
    #[schema(format = DateTime)]
    ended_at: Option<String>,
    #[schema(format = DateTime)]
    created_at: String,
    #[schema(format = DateTime)]
    updated_at: String,
    /// The name of the user who created it; null if that user was removed.
    #[schema(example = "Ana")]
    creator: Option<String>,
    /// The base experiment.
    #[schema(value_type = Option<Uuid>)]
    base_experiment_id: Option<ExperimentId>,
    /// The base model version.
    base_model_version_id: Option<Uuid>,
}

impl From<Experiment> for ExperimentResponse {
    fn from(from: Experiment) -> Self {
        Self {
            id: from.id,
            project_id: from.project,
            name: from.name.into(),
            description: from.description.into(),
            status: from.status,
            started_at: from.times.started_at.map(Instant::rfc3339),
            ended_at: from.times.ended_at.map(Instant::rfc3339),
            created_at: from.created_at.rfc3339(),
            updated_at: from.updated_at.rfc3339(),
            creator: from.creator.map(Into::into),
            base_experiment_id: from.base,
            base_model_version_id: None,
        }
    }
}

/// An experiment to create.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewExperiment, example = json!({"name": "yolo-640", "parameters": {"epochs": 50, "lr": 0.01}}))]
pub struct CreateExperiment {
    /// 1–60 characters, unique within the project. Names that look the same (equal in Unicode NFKC) count as equal.
    #[schema(example = "yolo-640")]
    name: String,
    /// Markdown, at most 20,000 characters.
    description: Option<String>,
    /// Hyperparameters. They become the TABLE log `parameters`.
    #[schema(value_type = Option<Object>)]
    parameters: Option<Box<RawValue>>,
    /// A base experiment in the same organization. Its log `labelmap` is copied, and its `parameters` unless the request has
    /// parameters.
    base_experiment_id: Option<Uuid>,
    /// A base model version.
    base_model_version_id: Option<Uuid>,
}

pub fn routes() -> Vec<Route> {
    [
        api_and_sdk_routes(Method::POST, "/project/{id}/experiments", Write, create_experiment),
        api_and_sdk_routes(Method::GET, "/project/{id}/experiments", Read, list_experiments),
        api_and_sdk_routes(Method::GET, "/project/{id}/experiments/find", Read, find_experiment),
        api_and_sdk_routes(Method::GET, "/project/{id}/experiments/ids", Read, list_experiment_ids),
        api_and_sdk_routes(Method::GET, "/organization/{id}/experiments/find", Read, find_experiment_in_organization),
        api_and_sdk_routes(Method::GET, "/experiment/{id}", Read, get_experiment),
        change::routes(),
    ]
    .concat()
}

/// Create an experiment
#[utoipa::path(post, path = "/api/project/{id}/experiments", tag = "Experiments", params(("id" = Uuid, Path)), request_body = CreateExperiment, responses((status = 201, body = ExperimentResponse), (status = 409, description = "The project already has an experiment with this name: `conflict`.")))]
pub async fn create_experiment(
    State(server): State<Server>,
    Authenticated(who): Authenticated,
    PathId(project): PathId<ProjectId>,
    JsonBody(body): JsonBody<CreateExperiment>,
) -> Result<(StatusCode, Json<ExperimentResponse>), Problem> {
    let new = NewExperiment {
        name: parse_name(&body.name)?,
        description: parse_description(body.description.as_deref().unwrap_or_default())?,
    };
    if body.base_model_version_id.is_some() {
        return Err(tracker::Error::NotFound("model version").into());
    }
    if body.parameters.as_ref().is_some_and(|parameters| !parameters.get().starts_with('{')) {
        return Err(invalid("'parameters' must be an object from names to values."));
    }
    let parameters = body.parameters.map(|parameters| Document::new(Kind::Table, &parameters));
    let seed = ExperimentSeed { base: body.base_experiment_id.map(ExperimentId), parameters };
    let id = server.tracker.create_seeded_experiment(&who, project, &new, &seed).await?;
    Ok((StatusCode::CREATED, Json(experiment_response(&server, &who, id).await?)))
}

/// List a project's experiments, newest first
#[utoipa::path(
    get, path = "/api/project/{id}/experiments", tag = "Experiments",
    params(
        ("id" = Uuid, Path), ("limit" = Option<i64>, Query), ("offset" = Option<i64>, Query), ("cursor" = Option<String>, Query),
        ("order_by" = Option<Vec<String>>, Query, description = "`name`, `status`, `created_at` or `updated_at`; with a leading `-` for descending order. May be repeated."),
    ),
    responses((status = 200, body = ListResponse<ExperimentResponse>)),
)]
pub async fn list_experiments(
    State(server): State<Server>,
    Authenticated(who): Authenticated,
    PathId(project): PathId<ProjectId>,
    query: QueryParams,
) -> Result<Response, Problem> {
    let experiments = server.tracker.list_experiments(&who, project, query.range()?, &query.order()?).await?;
    Ok(stream_list(experiments, ExperimentResponse::from))
}

/// Find an experiment in a project by name or id
#[utoipa::path(
    get, path = "/api/project/{id}/experiments/find", tag = "Experiments",
    params(
        ("id" = Uuid, Path),
        ("name" = Option<String>, Query, description = "The name.", example = "yolo-640"),
        ("id" = Option<Uuid>, Query, description = "Or the id."),
    ),
    responses((status = 200, body = ExperimentResponse)),
)]
pub async fn find_experiment(
    State(server): State<Server>,
    Authenticated(who): Authenticated,
    PathId(project): PathId<ProjectId>,
    query: QueryParams,
) -> Result<Json<ExperimentResponse>, Problem> {
    Ok(Json(server.tracker.find_experiment(&who, project, &query.key()?).await?.into()))
}

/// List the ids of a project's experiments, oldest first
#[utoipa::path(get, path = "/api/project/{id}/experiments/ids", tag = "Experiments", params(("id" = Uuid, Path)), responses((status = 200, body = Vec<Uuid>)))]
pub async fn list_experiment_ids(
    State(server): State<Server>,
    Authenticated(who): Authenticated,
    PathId(project): PathId<ProjectId>,
) -> Result<Response, Problem> {
    Ok(stream_ids(server.tracker.experiment_ids(&who, project).await?))
}

/// Find an experiment in an organization by id
///
/// Names are unique within a project only.
#[utoipa::path(
    get, path = "/api/organization/{id}/experiments/find", tag = "Experiments",
    params(("id" = Uuid, Path), ("id" = Uuid, Query, description = "The experiment's id.")),
    responses((status = 200, body = ExperimentResponse)),
)]
pub async fn find_experiment_in_organization(
    State(server): State<Server>,
    Authenticated(who): Authenticated,
    PathId(organization): PathId<OrganizationId>,
    query: QueryParams,
) -> Result<Json<ExperimentResponse>, Problem> {
    match query.key()? {
        Key::Id(id) => {
            let found = server.tracker.find_experiment_in_organization(&who, organization, id).await?;
            Ok(Json(found.into()))
        }
        Key::Name(_) => Err(invalid(
            "Names of experiments are unique within a project only. Search the project, or pass 'id' here.",
        )),
    }
}

/// Get an experiment
#[utoipa::path(get, path = "/api/experiment/{id}", tag = "Experiments", params(("id" = Uuid, Path)), responses((status = 200, body = ExperimentResponse)))]
pub async fn get_experiment(
    State(server): State<Server>,
    Authenticated(who): Authenticated,
    PathId(id): PathId<ExperimentId>,
) -> Result<Json<ExperimentResponse>, Problem> {
    experiment_response(&server, &who, id).await.map(Json)
}

/// Returns an experiment in the API's form.
pub async fn experiment_response(
    server: &Server,
    who: &Actor,
    id: ExperimentId,
) -> Result<ExperimentResponse, Problem> {
    Ok(server.tracker.experiment(who, id).await?.experiment.into())
}
