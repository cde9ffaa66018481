//! Artifacts: renamed, given another file, deleted.

use axum::extract::State;
use axum::{Extension, Json};
use domain::ids::{ArtifactId, ExperimentId};
use http::{Method, StatusCode};
use serde::Deserialize;
use tracker::{ArtifactEdit, Selection};
use utoipa::ToSchema;

use super::{Answer, answer, filename, name, object};
use crate::access::Access::Write;
use crate::api::answer::Several;
use crate::api::both;
use crate::api::request::{Id, Sent, Who};
use crate::hosts::Host;
use crate::problem::Problem;
use crate::routes::Route;
use crate::server::Server;

/// What to change; what is left out or null stays.
#[derive(Deserialize, ToSchema)]
#[schema(as = ArtifactEdit)]
pub struct Edit {
    name: Option<String>,
    filename: Option<String>,
    /// Another file. The one that was there is kept as an earlier version.
    object_name: Option<String>,
    large: Option<bool>,
}

pub fn routes() -> Vec<Route> {
    [
        both(Method::PATCH, "/artifact/{id}", Write, edit_artifact),
        both(Method::DELETE, "/artifact/{id}", Write, delete_artifact),
        both(Method::DELETE, "/experiment/{id}/artifacts", Write, delete_artifacts),
    ]
    .concat()
}

/// Rename an artifact, or give it another file
#[utoipa::path(patch, path = "/api/artifact/{id}", tag = "Artifacts", params(("id" = Uuid, Path)), request_body = Edit, responses((status = 200, body = Answer)))]
pub async fn edit_artifact(
    State(server): State<Server>,
    Extension(host): Extension<Host>,
    Who(who): Who,
    Id(id): Id<ArtifactId>,
    Sent(sent): Sent<Edit>,
) -> Result<Json<Answer>, Problem> {
    let edit = ArtifactEdit {
        name: sent.name.as_deref().map(name).transpose()?,
        filename: sent.filename.as_deref().map(filename).transpose()?,
        object: sent.object_name.as_deref().map(object).transpose()?,
        large: sent.large,
    };
    let artifact = server.tracker.edit_artifact(&who, id, edit).await?;
    answer(&server, &host, artifact).await.map(Json)
}

/// Delete an artifact with all its versions
#[utoipa::path(delete, path = "/api/artifact/{id}", tag = "Artifacts", params(("id" = Uuid, Path)), responses((status = 204)))]
pub async fn delete_artifact(
    State(server): State<Server>,
    Who(who): Who,
    Id(id): Id<ArtifactId>,
) -> Result<StatusCode, Problem> {
    server.tracker.delete_artifact(&who, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Delete several of an experiment's artifacts
///
/// Either all of those named or, when something fails, none. Ids of nothing that is there are passed over.
#[utoipa::path(delete, path = "/api/experiment/{id}/artifacts", tag = "Artifacts", params(("id" = Uuid, Path)), request_body = Several, responses((status = 204)))]
pub async fn delete_artifacts(
    State(server): State<Server>,
    Who(who): Who,
    Id(experiment): Id<ExperimentId>,
    Sent(several): Sent<Several>,
) -> Result<StatusCode, Problem> {
    let ids = match several.which(ArtifactId) {
        Selection::Ids(ids) => ids,
        Selection::All => server.tracker.artifact_ids(&who, experiment).await?,
    };
    server.tracker.delete_artifacts(&who, experiment, &ids).await?;
    Ok(StatusCode::NO_CONTENT)
}
