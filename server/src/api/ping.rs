//! `GET /home/ping`: the first thing a script's client asks, to learn whether its token works.

use axum::extract::State;
use axum::{Extension, Json};
use domain::Name;
use domain::ids::OrganizationId;
use http::StatusCode;
use serde::Serialize;
use tracker::Actor;

use crate::problem::Problem;
use crate::server::Server;

/// What the client reads; it insists on all three keys.
#[derive(Serialize)]
pub struct Pong {
    username: Name,
    /// The client compares a bare version number with its own and warns; ours says that it is another thing.
    sdk_version: &'static str,
    /// Where the client works unless its script says otherwise: the organization joined first.
    default_organization: OrganizationId,
}

/// Who the token's owner is and where they work.
pub async fn ping(
    State(server): State<Server>,
    Extension(who): Extension<Option<Actor>>,
) -> Result<Json<Pong>, Problem> {
    let who = who.ok_or_else(Problem::internal)?;
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
