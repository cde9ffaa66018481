//! Endpoints that rename, replace and delete artifacts.

use axum::extract::State;
use axum::{Extension, Json};
use domain::ids::{ArtifactId, ExperimentId};
use http::{Method, StatusCode};
use serde::Deserialize;
use tracker::{ArtifactEdit, Selection};
use utoipa::ToSchema;

use super::{ArtifactResponse, artifact_response, parse_artifact_name, parse_filename, parse_object_name};
use crate::access::Access::Write;
use crate::api::api_and_sdk_routes;
use crate::api::request::{Authenticated, JsonBody, PathId};
use crate::api::schemas::IdSelection;
use crate::hosts::Host;
use crate::problem::Problem;
use crate::routes::Route;
use crate::server::Server;

/// The changes. Fields that are missing or null stay unchanged.
#[derive(Deserialize, ToSchema)]
#[schema(as = ArtifactEdit)]
pub struct UpdateArtifact {
    name: Option<String>,
    filename: Option<String>,
    /// The new file. The current one is kept as an earlier version.
    object_name: Option<String>,
    large: Option<bool>,
}

pub fn routes() -> Vec<Route> {
    [
        api_and_sdk_routes(Method::PATCH, "/artifact/{id}", Write, edit_artifact),
        api_and_sdk_routes(Method::DELETE, "/artifact/{id}", Write, delete_artifact),
        api_and_sdk_routes(Method::DELETE, "/experiment/{id}/artifacts", Write, delete_artifacts),
    ]
    .concat()
}

/// Rename an artifact or replace its file
#[utoipa::path(patch, path = "/api/artifact/{id}", tag = "Artifacts", params(("id" = Uuid, Path)), request_body = UpdateArtifact, responses((status = 200, body = ArtifactResponse)))]
pub async fn edit_artifact(
    State(server): State<Server>,
    Extension(host): Extension<Host>,
    Authenticated(who): Authenticated,
    PathId(id): PathId<ArtifactId>,
    JsonBody(body): JsonBody<UpdateArtifact>,
) -> Result<Json<ArtifactResponse>, Problem> {
    let edit = ArtifactEdit {
        name: body.name.as_deref().map(parse_artifact_name).transpose()?,
        filename: body.filename.as_deref().map(parse_filename).transpose()?,
        object: body.object_name.as_deref().map(parse_object_name).transpose()?,
        large: body.large,
    };
    let artifact = server.tracker.edit_artifact(&who, id, edit).await?;
    artifact_response(&server, &host, artifact).await.map(Json)
}

/// Delete an artifact with all its versions
#[utoipa::path(delete, path = "/api/artifact/{id}", tag = "Artifacts", params(("id" = Uuid, Path)), responses((status = 204)))]
pub async fn delete_artifact(
    State(server): State<Server>,
    Authenticated(who): Authenticated,
    PathId(id): PathId<ArtifactId>,
) -> Result<StatusCode, Problem> {
    server.tracker.delete_artifact(&who, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Delete several artifacts of an experiment
///
/// Deletes all of them, or none if an error occurs. Unknown ids are ignored.
#[utoipa::path(delete, path = "/api/experiment/{id}/artifacts", tag = "Artifacts", params(("id" = Uuid, Path)), request_body = IdSelection, responses((status = 204)))]
pub async fn delete_artifacts(
    State(server): State<Server>,
    Authenticated(who): Authenticated,
    PathId(experiment): PathId<ExperimentId>,
    JsonBody(selection): JsonBody<IdSelection>,
) -> Result<StatusCode, Problem> {
    let ids = match selection.into_selection(ArtifactId) {
        Selection::Ids(ids) => ids,
        Selection::All => server.tracker.artifact_ids(&who, experiment).await?,
    };
    server.tracker.delete_artifacts(&who, experiment, &ids).await?;
    Ok(StatusCode::NO_CONTENT)
}
