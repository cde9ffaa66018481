//! Multipart upload endpoints. Each part has its own signed URL.

use axum::extract::State;
use axum::{Extension, Json};
use domain::files::MediaType;
use domain::ids::UploadId;
use http::{Method, StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{api_and_sdk_routes, parse_object_name};
use crate::access::Access::Write;
use crate::api::request::{Authenticated, JsonBody, PathId, invalid};
use crate::hosts::Host;
use crate::problem::Problem;
use crate::routes::Route;
use crate::server::Server;

/// An object to upload in parts.
#[derive(Deserialize, ToSchema)]
#[schema(as = LargeObject)]
pub struct BeginMultipart {
    object_name: String,
    /// The content type, if known. Ignored if it is malformed or longer than 127 characters.
    #[schema(example = "application/octet-stream")]
    content_type: Option<String>,
}

/// A multipart upload that was begun.
#[derive(Serialize, ToSchema)]
#[schema(as = BegunUpload)]
pub struct MultipartUpload {
    /// Always `minio`: each part has its own URL.
    client_type: &'static str,
    #[schema(value_type = Uuid)]
    upload_id: UploadId,
}

/// A part of a multipart upload to sign.
#[derive(Deserialize, ToSchema)]
#[schema(as = UploadPart)]
pub struct SignPart {
    object_name: String,
    upload_id: String,
    /// 1 to 10,000. The parts are joined in the order of their numbers.
    #[schema(example = 1)]
    part_no: i64,
}

/// A signed URL for one part.
#[derive(Serialize, ToSchema)]
pub struct SignedPart {
    /// Accepts `PUT` with the part's bytes as the body, for about an hour, without a token. Pass the `ETag` header of its
    /// response when completing the upload.
    url: String,
}

/// The parts of a multipart upload to complete.
#[derive(Deserialize, ToSchema)]
#[schema(as = UploadParts)]
pub struct CompleteMultipart {
    object_name: String,
    upload_id: String,
    /// In the order of their numbers.
    parts: Vec<CompletedPart>,
}

/// An uploaded part.
#[derive(Deserialize, ToSchema)]
#[schema(as = SentPart)]
pub struct CompletedPart {
    /// The `ETag` of the part's response.
    #[serde(rename = "ETag")]
    etag: String,
    #[serde(rename = "PartNumber")]
    number: i64,
}

/// A multipart upload to abort.
#[derive(Deserialize, ToSchema)]
#[schema(as = AbandonedUpload)]
pub struct AbortMultipart {
    object_name: String,
    upload_id: String,
}

pub fn routes() -> Vec<Route> {
    [
        api_and_sdk_routes(Method::POST, "/object-storage/{id}/init_multipart_upload", Write, init_multipart_upload),
        api_and_sdk_routes(
            Method::POST,
            "/object-storage/{id}/generate_part_presigned_url",
            Write,
            generate_part_presigned_url,
        ),
        api_and_sdk_routes(Method::POST, "/object-storage/{id}/complete_part_upload", Write, complete_part_upload),
        api_and_sdk_routes(Method::POST, "/object-storage/{id}/abort_part_upload", Write, abort_part_upload),
    ]
    .concat()
}

/// Begin a multipart upload
#[utoipa::path(
    post, path = "/api/object-storage/{id}/init_multipart_upload", tag = "Files",
    params(("id" = Uuid, Path, description = "The organization's `default_connector_id`")),
    request_body = BeginMultipart, responses((status = 200, body = MultipartUpload)),
)]
pub async fn init_multipart_upload(
    State(server): State<Server>,
    Authenticated(who): Authenticated,
    PathId(_): PathId<Uuid>,
    JsonBody(large): JsonBody<BeginMultipart>,
) -> Result<Json<MultipartUpload>, Problem> {
    let object = parse_object_name(&large.object_name)?;
    let content_type = large.content_type.as_deref().and_then(MediaType::parse);
    let upload_id = server.tracker.begin_multipart_upload(&who, object, content_type.as_ref()).await?;
    Ok(Json(MultipartUpload { client_type: "minio", upload_id }))
}

/// Create a signed URL for a part
///
/// A part may have up to 5 GiB. Sending a part again replaces it.
#[utoipa::path(
    post, path = "/api/object-storage/{id}/generate_part_presigned_url", tag = "Files",
    params(("id" = Uuid, Path, description = "The organization's `default_connector_id`")),
    request_body = SignPart, responses((status = 200, body = SignedPart)),
)]
pub async fn generate_part_presigned_url(
    State(server): State<Server>,
    Extension(host): Extension<Host>,
    Authenticated(who): Authenticated,
    PathId(_): PathId<Uuid>,
    JsonBody(part): JsonBody<SignPart>,
) -> Result<Json<SignedPart>, Problem> {
    let (object, upload) = (parse_object_name(&part.object_name)?, parse_upload_id(&part.upload_id)?);
    let url = server.tracker.sign_part_upload(&who, object, upload, part.part_no).await?;
    let path = url.part_path().ok_or_else(Problem::internal)?;
    Ok(Json(SignedPart { url: format!("{}{path}", server.hosts.url(&host)) }))
}

/// Complete a multipart upload
///
/// The listed parts become the object; other parts are deleted. Repeating the request changes nothing.
#[utoipa::path(
    post, path = "/api/object-storage/{id}/complete_part_upload", tag = "Files",
    params(("id" = Uuid, Path, description = "The organization's `default_connector_id`")),
    request_body = CompleteMultipart, responses((status = 204)),
)]
pub async fn complete_part_upload(
    State(server): State<Server>,
    Authenticated(who): Authenticated,
    PathId(_): PathId<Uuid>,
    JsonBody(body): JsonBody<CompleteMultipart>,
) -> Result<StatusCode, Problem> {
    let (object, upload) = (parse_object_name(&body.object_name)?, parse_upload_id(&body.upload_id)?);
    let parts: Vec<_> = body.parts.into_iter().map(|part| (part.number, part.etag)).collect();
    server.tracker.complete_multipart_upload(&who, object, upload, &parts).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Abort a multipart upload
///
/// Deletes the parts that have arrived. Succeeds also if the upload was completed or aborted before.
#[utoipa::path(
    post, path = "/api/object-storage/{id}/abort_part_upload", tag = "Files",
    params(("id" = Uuid, Path, description = "The organization's `default_connector_id`")),
    request_body = AbortMultipart, responses((status = 204)),
)]
pub async fn abort_part_upload(
    State(server): State<Server>,
    Authenticated(who): Authenticated,
    PathId(_): PathId<Uuid>,
    JsonBody(body): JsonBody<AbortMultipart>,
) -> Result<StatusCode, Problem> {
    server
        .tracker
        .abort_multipart_upload(&who, parse_object_name(&body.object_name)?, parse_upload_id(&body.upload_id)?)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

fn parse_upload_id(id: &str) -> Result<UploadId, Problem> {
    id.parse().map_err(|_| invalid("'upload_id' must be an id returned by 'init_multipart_upload'."))
}
