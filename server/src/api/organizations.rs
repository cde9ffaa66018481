//! Endpoints for the organizations of the token's owner.

use axum::Json;
use axum::extract::State;
use domain::ids::OrganizationId;
use domain::organizations::Organization;
use domain::people::Role;
use http::Method;
use serde::Serialize;
use tracker::{Key, files_connector};
use utoipa::ToSchema;
use uuid::Uuid;

use super::api_and_sdk_routes;
use super::request::{Authenticated, PathId, QueryParams};
use super::schemas::ListResponse;
use crate::access::Access::Read;
use crate::problem::Problem;
use crate::routes::Route;
use crate::server::Server;

/// An organization with the role of the token's owner.
#[derive(Serialize, ToSchema)]
#[schema(as = Organization)]
pub struct OrganizationResponse {
    #[schema(value_type = Uuid)]
    id: OrganizationId,
    /// The name.
    #[schema(example = "Personal")]
    name: String,
    /// The role of the token's owner: `owner`, `admin`, `member` or `viewer`.
    #[schema(value_type = String, example = "owner")]
    role: Role,
    /// The id of the organization's file storage.
    default_connector_id: Uuid,
}

impl From<Organization> for OrganizationResponse {
    fn from(from: Organization) -> Self {
        Self { id: from.id, name: from.name.into(), role: from.role, default_connector_id: files_connector(from.id) }
    }
}

pub fn routes() -> Vec<Route> {
    [
        api_and_sdk_routes(Method::GET, "/organizations", Read, list_organizations),
        api_and_sdk_routes(Method::GET, "/organizations/find", Read, find_organization),
        api_and_sdk_routes(Method::GET, "/organization/{id}", Read, get_organization),
    ]
    .concat()
}

/// List the organizations of the token's owner
#[utoipa::path(get, path = "/api/organizations", tag = "Organizations", responses((status = 200, body = ListResponse<OrganizationResponse>)))]
pub async fn list_organizations(
    State(server): State<Server>,
    Authenticated(who): Authenticated,
) -> Result<Json<ListResponse<OrganizationResponse>>, Problem> {
    let organizations = server.tracker.organizations(&who).await?;
    Ok(Json(ListResponse::whole(organizations.into_iter().map(OrganizationResponse::from).collect())))
}

/// Find an organization by name or id
#[utoipa::path(
    get, path = "/api/organizations/find", tag = "Organizations",
    params(("name" = Option<String>, Query, description = "The name.", example = "Personal"), ("id" = Option<Uuid>, Query, description = "Or the id.")),
    responses((status = 200, body = OrganizationResponse)),
)]
pub async fn find_organization(
    State(server): State<Server>,
    Authenticated(who): Authenticated,
    query: QueryParams,
) -> Result<Json<OrganizationResponse>, Problem> {
    let found = match query.key()? {
        Key::Id(id) => server.tracker.organization(&who, id).await?,
        Key::Name(name) => {
            let all = server.tracker.organizations(&who).await?;
            all.into_iter().find(|one| one.name == name).ok_or(tracker::Error::NotFound("organization"))?
        }
    };
    Ok(Json(found.into()))
}

/// Get an organization
#[utoipa::path(get, path = "/api/organization/{id}", tag = "Organizations", params(("id" = Uuid, Path)), responses((status = 200, body = OrganizationResponse)))]
pub async fn get_organization(
    State(server): State<Server>,
    Authenticated(who): Authenticated,
    PathId(id): PathId<OrganizationId>,
) -> Result<Json<OrganizationResponse>, Problem> {
    Ok(Json(server.tracker.organization(&who, id).await?.into()))
}
