//! Endpoints for projects.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use domain::ids::{OrganizationId, ProjectId};
use domain::projects::Project;
use http::{Method, StatusCode};
use serde::{Deserialize, Serialize};
use tracker::ProjectEdit;
use utoipa::ToSchema;

use super::api_and_sdk_routes;
use super::request::{Authenticated, JsonBody, PathId, QueryParams, parse_description, parse_name};
use super::schemas::ListResponse;
use super::stream::stream_list;
use crate::access::Access::{Read, Write};
use crate::problem::Problem;
use crate::routes::Route;
use crate::server::Server;

/// A project.
#[derive(Serialize, ToSchema)]
#[schema(as = Project)]
pub struct ProjectResponse {
    #[schema(value_type = Uuid)]
    id: ProjectId,
    #[schema(value_type = Uuid)]
    organization_id: OrganizationId,
    /// Unique within the organization.
    #[schema(example = "road signs")]
    name: String,
    /// Markdown.
    #[schema(example = "Signs at night.")]
    description: String,
    #[schema(format = DateTime)]
    created_at: String,
    #[schema(format = DateTime)]
    updated_at: String,
    /// The name of the user who created it; null if that user was removed.
    #[schema(example = "Ana")]
    creator: Option<String>,
}

impl From<Project> for ProjectResponse {
    fn from(from: Project) -> Self {
        Self {
            id: from.id,
            organization_id: from.organization,
            name: from.name.into(),
            description: from.description.into(),
            created_at: from.created_at.rfc3339(),
            updated_at: from.updated_at.rfc3339(),
            creator: from.creator.map(Into::into),
        }
    }
}

/// A project to create.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewProject)]
pub struct CreateProject {
    /// 1–60 characters, unique within the organization. Names that look the same (equal in Unicode NFKC) count as equal.
    #[schema(example = "road signs")]
    name: String,
    /// Markdown, at most 20,000 characters.
    description: Option<String>,
}

/// The changes. Fields that are missing or null stay unchanged.
#[derive(Deserialize, ToSchema)]
#[schema(as = ProjectEdit)]
pub struct UpdateProject {
    /// The new name.
    #[schema(example = "road signs at night")]
    name: Option<String>,
    /// The new description.
    description: Option<String>,
}

pub fn routes() -> Vec<Route> {
    [
        api_and_sdk_routes(Method::POST, "/organization/{id}/projects", Write, create_project),
        api_and_sdk_routes(Method::GET, "/organization/{id}/projects", Read, list_projects),
        api_and_sdk_routes(Method::GET, "/organization/{id}/projects/find", Read, find_project),
        api_and_sdk_routes(Method::GET, "/project/{id}", Read, get_project),
        api_and_sdk_routes(Method::PATCH, "/project/{id}", Write, edit_project),
        api_and_sdk_routes(Method::DELETE, "/project/{id}", Write, delete_project),
    ]
    .concat()
}

/// Create a project
#[utoipa::path(post, path = "/api/organization/{id}/projects", tag = "Projects", params(("id" = Uuid, Path)), request_body = CreateProject, responses((status = 201, body = ProjectResponse), (status = 409, description = "The organization already has a project with this name: `conflict`.")))]
pub async fn create_project(
    State(server): State<Server>,
    Authenticated(who): Authenticated,
    PathId(organization): PathId<OrganizationId>,
    JsonBody(new): JsonBody<CreateProject>,
) -> Result<(StatusCode, Json<ProjectResponse>), Problem> {
    let name = parse_name(&new.name)?;
    let description = parse_description(new.description.as_deref().unwrap_or_default())?;
    let id = server.tracker.create_project(&who, organization, &name, &description).await?;
    Ok((StatusCode::CREATED, Json(project_response(&server, &who, id).await?)))
}

/// List an organization's projects, newest first
#[utoipa::path(
    get, path = "/api/organization/{id}/projects", tag = "Projects",
    params(
        ("id" = Uuid, Path), ("limit" = Option<i64>, Query), ("offset" = Option<i64>, Query), ("cursor" = Option<String>, Query),
        ("order_by" = Option<Vec<String>>, Query, description = "`name`, `created_at` or `updated_at`; with a leading `-` for descending order. May be repeated."),
    ),
    responses((status = 200, body = ListResponse<ProjectResponse>)),
)]
pub async fn list_projects(
    State(server): State<Server>,
    Authenticated(who): Authenticated,
    PathId(organization): PathId<OrganizationId>,
    query: QueryParams,
) -> Result<Response, Problem> {
    let projects = server.tracker.list_projects(&who, organization, query.range()?, &query.order()?).await?;
    Ok(stream_list(projects, ProjectResponse::from))
}

/// Find a project by name or id
#[utoipa::path(
    get, path = "/api/organization/{id}/projects/find", tag = "Projects",
    params(
        ("id" = Uuid, Path),
        ("name" = Option<String>, Query, description = "The name.", example = "road signs"),
        ("id" = Option<Uuid>, Query, description = "Or the id."),
    ),
    responses((status = 200, body = ProjectResponse)),
)]
pub async fn find_project(
    State(server): State<Server>,
    Authenticated(who): Authenticated,
    PathId(organization): PathId<OrganizationId>,
    query: QueryParams,
) -> Result<Json<ProjectResponse>, Problem> {
    Ok(Json(server.tracker.find_project(&who, organization, &query.key()?).await?.into()))
}

/// Get a project
#[utoipa::path(get, path = "/api/project/{id}", tag = "Projects", params(("id" = Uuid, Path)), responses((status = 200, body = ProjectResponse)))]
pub async fn get_project(
    State(server): State<Server>,
    Authenticated(who): Authenticated,
    PathId(id): PathId<ProjectId>,
) -> Result<Json<ProjectResponse>, Problem> {
    project_response(&server, &who, id).await.map(Json)
}

/// Change a project's name or description
#[utoipa::path(patch, path = "/api/project/{id}", tag = "Projects", params(("id" = Uuid, Path)), request_body = UpdateProject, responses((status = 200, body = ProjectResponse), (status = 409, description = "The organization already has a project with this name: `conflict`.")))]
pub async fn edit_project(
    State(server): State<Server>,
    Authenticated(who): Authenticated,
    PathId(id): PathId<ProjectId>,
    JsonBody(edit): JsonBody<UpdateProject>,
) -> Result<Json<ProjectResponse>, Problem> {
    let edit = ProjectEdit {
        name: edit.name.as_deref().map(parse_name).transpose()?,
        description: edit.description.as_deref().map(parse_description).transpose()?,
    };
    server.tracker.edit_project(&who, id, &edit).await?;
    project_response(&server, &who, id).await.map(Json)
}

/// Delete a project and its experiments
#[utoipa::path(delete, path = "/api/project/{id}", tag = "Projects", params(("id" = Uuid, Path)), responses((status = 204)))]
pub async fn delete_project(
    State(server): State<Server>,
    Authenticated(who): Authenticated,
    PathId(id): PathId<ProjectId>,
) -> Result<StatusCode, Problem> {
    server.tracker.delete_project(&who, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Returns a project in the API's form.
async fn project_response(server: &Server, who: &tracker::Actor, id: ProjectId) -> Result<ProjectResponse, Problem> {
    Ok(server.tracker.project(who, id).await?.project.into())
}
