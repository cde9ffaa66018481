//! `GET /files/artifact/{id}?version=…`: a permanent link to an artifact's file. It requires a session, so it can be shared
//! with other users who have access.

use axum::extract::State;
use axum::response::Redirect;
use domain::ids::ArtifactId;

use crate::api::request::{Authenticated, PathId, QueryParams, invalid};
use crate::problem::Problem;
use crate::server::Server;

/// Redirects to the signed URL of the artifact's current file, or of the given version.
pub async fn redirect_to_file(
    State(server): State<Server>,
    Authenticated(actor): Authenticated,
    PathId(id): PathId<ArtifactId>,
    query: QueryParams,
) -> Result<Redirect, Problem> {
    let version = query.first("version").map(str::parse).transpose();
    let version = version.map_err(|_| invalid("'version' must be the number of a version."))?;
    let signed_url = server.tracker.sign_artifact_download(&actor, id, version).await?;
    Ok(Redirect::to(&signed_url.download_path()))
}
