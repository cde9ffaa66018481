//! `GET /home/ping`: the first thing a script's client asks, to learn whether its token works.

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

/// What the client reads; it insists on all three keys.
#[derive(Serialize, ToSchema)]
pub struct Pong {
    /// The name of the token's owner.
    #[schema(value_type = String, example = "Ana")]
    username: Name,
    /// The client compares a bare version number with its own and warns; ours says that it is another thing.
    #[schema(example = "Groundglass 0.1.0")]
    sdk_version: &'static str,
    /// Where the client works unless its script says otherwise: the organization joined first.
    #[schema(value_type = Uuid)]
    default_organization: OrganizationId,
}

pub fn routes() -> Vec<Route> {
    api_and_sdk_routes(Method::GET, "/home/ping", Access::Read, ping)
}

/// Whose token this is, and where they work
#[utoipa::path(get, path = "/api/home/ping", tag = "Organizations", responses((status = 200, body = Pong), (status = 403, description = "The token's owner belongs to no organization any more: `no_organization`.")))]
pub async fn ping(State(server): State<Server>, Authenticated(who): Authenticated) -> Result<Json<Pong>, Problem> {
    let organizations = server.tracker.organizations(&who).await?;
    let first = organizations.first().ok_or_else(|| {
        Problem::new(
            StatusCode::FORBIDDEN,
            "no_organization",
            "This token's owner belongs to no organization any more.",
        )
    })?;
    Ok(Json(Pong {
        username: who.name,
        sdk_version: concat!("Groundglass ", env!("CARGO_PKG_VERSION")),
        default_organization: first.id,
    }))
}
