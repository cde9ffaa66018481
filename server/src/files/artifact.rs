//! `GET /files/artifact/{id}?version=…`: an artifact's file, for whoever is signed in; an address that can be passed on to
//! others who may see it.

use axum::extract::State;
use axum::response::Redirect;
use domain::ids::ArtifactId;

use crate::api::request::{Authenticated, PathId, QueryParams, invalid};
use crate::problem::Problem;
use crate::server::Server;

/// Leads to the signed address of the file that the artifact holds now, or of a version.
pub async fn download(
    State(server): State<Server>,
    Authenticated(who): Authenticated,
    PathId(id): PathId<ArtifactId>,
    query: QueryParams,
) -> Result<Redirect, Problem> {
    let version = query.first("version").map(str::parse).transpose();
    let version = version.map_err(|_| invalid("'version' is the number of a version."))?;
    let ticket = server.tracker.sign_artifact_download(&who, id, version).await?;
    Ok(Redirect::to(&ticket.download_path()))
}
