//! Endpoints that create, list, find and read artifacts.

pub mod change;

use axum::extract::State;
use axum::response::Response;
use axum::{Extension, Json};
use domain::artifacts::{Artifact, ArtifactName};
use domain::files::FileName;
use domain::ids::{ArtifactId, ExperimentId, ObjectId};
use http::{Method, StatusCode};
use serde::{Deserialize, Serialize};
use tracker::{NewArtifact, SignedUrl};
use utoipa::ToSchema;

use super::api_and_sdk_routes;
use super::request::{Authenticated, JsonBody, PathId, QueryParams, invalid};
use super::schemas::ListResponse;
use super::stream::{self, ListResponseWriter, stream_ids};
use crate::access::Access::{Read, Write};
use crate::hosts::Host;
use crate::problem::Problem;
use crate::routes::Route;
use crate::server::Server;

/// An artifact with its current file.
#[derive(Serialize, ToSchema)]
#[schema(as = Artifact)]
pub struct ArtifactResponse {
    #[schema(value_type = Uuid)]
    id: ArtifactId,
    #[schema(value_type = Uuid)]
    experiment_id: ExperimentId,
    /// Unique within the experiment. Stays the same when the file changes.
    #[schema(example = "model-latest")]
    name: String,
    /// The object that holds the file.
    object_name: String,
    /// The name of the file.
    #[schema(example = "best.pt")]
    filename: String,
    /// Whether the script marked the file as large.
    large: bool,
    /// Size in bytes.
    size: u64,
    /// SHA-256 of the file, in hexadecimal.
    sha256: String,
    /// Version number of the file, counted from 1.
    version: i64,
    /// When the first file was stored.
    created_at: String,
    /// When this file was stored.
    updated_at: String,
    /// Download URL. Valid for about an hour, without a token.
    presigned_url: String,
}

impl ArtifactResponse {
    fn new(artifact: Artifact, url: &SignedUrl, base: &str) -> Self {
        let Artifact { id, experiment, name, created_at, now, .. } = artifact;
        Self {
            id,
            experiment_id: experiment,
            name: name.into(),
            object_name: now.file.object.to_string(),
            filename: now.file.filename.into(),
            large: now.file.large,
            size: now.file.size,
            sha256: now.file.sha256,
            version: now.version,
            created_at: created_at.rfc3339(),
            updated_at: now.at.rfc3339(),
            presigned_url: format!("{base}{}", url.download_path()),
        }
    }
}

/// An artifact to create from an uploaded object.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewArtifact)]
pub struct CreateArtifact {
    /// 1–255 characters, unique within the experiment.
    #[schema(example = "model-latest")]
    name: String,
    /// The name of the file: 1–255 characters, not a path.
    #[schema(example = "best.pt")]
    filename: String,
    /// The name that `generate_object_name` returned.
    object_name: String,
    /// Stored and returned unchanged.
    #[serde(default)]
    large: bool,
}

pub fn routes() -> Vec<Route> {
    [
        api_and_sdk_routes(Method::POST, "/experiment/{id}/artifacts", Write, create_artifact),
        api_and_sdk_routes(Method::GET, "/experiment/{id}/artifacts", Read, list_artifacts),
        api_and_sdk_routes(Method::GET, "/experiment/{id}/artifacts/find", Read, find_artifact),
        api_and_sdk_routes(Method::GET, "/experiment/{id}/artifacts/ids", Read, list_artifact_ids),
        api_and_sdk_routes(Method::GET, "/artifact/{id}", Read, get_artifact),
        change::routes(),
    ]
    .concat()
}

/// Create an artifact
///
/// The file must have been uploaded as an object before.
#[utoipa::path(post, path = "/api/experiment/{id}/artifacts", tag = "Artifacts", params(("id" = Uuid, Path)), request_body = CreateArtifact, responses((status = 201, body = ArtifactResponse)))]
pub async fn create_artifact(
    State(server): State<Server>,
    Extension(host): Extension<Host>,
    Authenticated(who): Authenticated,
    PathId(experiment): PathId<ExperimentId>,
    JsonBody(body): JsonBody<CreateArtifact>,
) -> Result<(StatusCode, Json<ArtifactResponse>), Problem> {
    let new = NewArtifact {
        name: parse_artifact_name(&body.name)?,
        filename: parse_filename(&body.filename)?,
        object: parse_object_name(&body.object_name)?,
        large: body.large,
    };
    let artifact = server.tracker.store_artifact(&who, experiment, &new).await?;
    Ok((StatusCode::CREATED, Json(artifact_response(&server, &host, artifact).await?)))
}

/// List an experiment's artifacts, oldest first
#[utoipa::path(
    get, path = "/api/experiment/{id}/artifacts", tag = "Artifacts",
    params(
        ("id" = Uuid, Path), ("limit" = Option<i64>, Query), ("offset" = Option<i64>, Query), ("cursor" = Option<String>, Query),
        ("order_by" = Option<Vec<String>>, Query, description = "`name`, `filename`, `created_at` or `updated_at`; with a leading `-` for descending order. May be repeated."),
    ),
    responses((status = 200, body = ListResponse<ArtifactResponse>)),
)]
pub async fn list_artifacts(
    State(server): State<Server>,
    Extension(host): Extension<Host>,
    Authenticated(who): Authenticated,
    PathId(experiment): PathId<ExperimentId>,
    query: QueryParams,
) -> Result<Response, Problem> {
    let mut list = server.tracker.list_artifacts(&who, experiment, query.range()?, &query.order()?).await?;
    let base = server.hosts.url(&host);
    Ok(stream::stream_response("application/json", move |out| async move {
        let mut out = ListResponseWriter::begin(out);
        while let Some(batch) = list.next_batch().await? {
            let urls = server.tracker.sign_artifact_downloads(&batch).await?;
            for (artifact, url) in batch.into_iter().zip(&urls) {
                out.next_item().value(&ArtifactResponse::new(artifact, url, &base))?;
            }
            out.send_if_full().await?;
        }
        out.finish(list.total(), list.next_offset()).await
    }))
}

/// Find an artifact by name
#[utoipa::path(
    get, path = "/api/experiment/{id}/artifacts/find", tag = "Artifacts",
    params(("id" = Uuid, Path), ("name" = String, Query)), responses((status = 200, body = ArtifactResponse)),
)]
pub async fn find_artifact(
    State(server): State<Server>,
    Extension(host): Extension<Host>,
    Authenticated(who): Authenticated,
    PathId(experiment): PathId<ExperimentId>,
    query: QueryParams,
) -> Result<Json<ArtifactResponse>, Problem> {
    let name = query.first("name").ok_or_else(|| invalid("The parameter 'name' is missing."))?;
    let artifact = server.tracker.artifact_by_name(&who, experiment, &parse_artifact_name(name)?).await?;
    artifact_response(&server, &host, artifact).await.map(Json)
}

/// List the ids of an experiment's artifacts, oldest first
#[utoipa::path(get, path = "/api/experiment/{id}/artifacts/ids", tag = "Artifacts", params(("id" = Uuid, Path)), responses((status = 200, body = Vec<Uuid>)))]
pub async fn list_artifact_ids(
    State(server): State<Server>,
    Authenticated(who): Authenticated,
    PathId(experiment): PathId<ExperimentId>,
) -> Result<Response, Problem> {
    Ok(stream_ids(server.tracker.artifact_ids(&who, experiment).await?))
}

/// Get an artifact
#[utoipa::path(get, path = "/api/artifact/{id}", tag = "Artifacts", params(("id" = Uuid, Path)), responses((status = 200, body = ArtifactResponse)))]
pub async fn get_artifact(
    State(server): State<Server>,
    Extension(host): Extension<Host>,
    Authenticated(who): Authenticated,
    PathId(id): PathId<ArtifactId>,
) -> Result<Json<ArtifactResponse>, Problem> {
    let artifact = server.tracker.artifact(&who, id).await?;
    artifact_response(&server, &host, artifact).await.map(Json)
}

/// Returns an artifact with a signed download URL.
async fn artifact_response(server: &Server, host: &Host, artifact: Artifact) -> Result<ArtifactResponse, Problem> {
    let urls = server.tracker.sign_artifact_downloads(std::slice::from_ref(&artifact)).await?;
    let url = urls.first().ok_or_else(Problem::internal)?;
    Ok(ArtifactResponse::new(artifact, url, &server.hosts.url(host)))
}

fn parse_artifact_name(text: &str) -> Result<ArtifactName, Problem> {
    ArtifactName::parse(text).map_err(Problem::from)
}

fn parse_filename(text: &str) -> Result<FileName, Problem> {
    FileName::parse(text).map_err(Problem::from)
}

fn parse_object_name(text: &str) -> Result<ObjectId, Problem> {
    text.parse().map_err(|_| invalid("'object_name' must be a name returned by 'generate_object_name'."))
}
