//! `GET /home/ping`: the first request of the SDK's client, which checks the token.

use axum::Json;
use axum::extract::State;
use domain::Name;
use domain::ids::OrganizationId;
use http::{Method, StatusCode};
use serde::Serialize;
use utoipa::ToSchema;

use super::api_and_sdk_routes;
use super::request::Authenticated;
use crate::access::Access;
use crate::problem::Problem;
use crate::routes::Route;
use crate::server::Server;

/// The response to a ping. The SDK requires all three keys.
#[derive(Serialize, ToSchema)]
pub struct Pong {
    /// The name of the token's owner.
    #[schema(value_type = String, example = "Ana")]
    username: Name,
    /// Server name and version. The SDK would compare a bare version number with its own and warn.
    #[schema(example = "Groundglass 0.1.0")]
    sdk_version: &'static str,
    /// The client's default organization: the one that the user joined first.
    #[schema(value_type = Uuid)]
    default_organization: OrganizationId,
}

pub fn routes() -> Vec<Route> {
    api_and_sdk_routes(Method::GET, "/home/ping", Access::Read, ping)
}

/// Get the current user and their default organization
#[utoipa::path(get, path = "/api/home/ping", tag = "Organizations", responses((status = 200, body = Pong), (status = 403, description = "The token's owner no longer belongs to an organization: `no_organization`.")))]
pub async fn ping(State(server): State<Server>, Authenticated(who): Authenticated) -> Result<Json<Pong>, Problem> {
    let organizations = server.tracker.organizations(&who).await?;
    let first = organizations.first().ok_or_else(|| {
        Problem::new(
            StatusCode::FORBIDDEN,
            "no_organization",
            "The token's owner no longer belongs to an organization.",
        )
    })?;
    Ok(Json(Pong {
        username: who.name,
        sdk_version: concat!("Groundglass ", env!("CARGO_PKG_VERSION")),
        default_organization: first.id,
    }))
}
