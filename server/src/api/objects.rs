//! Object storage endpoints of the SDK: object names and signed URLs for upload and download.

pub mod parts;

use axum::extract::State;
use axum::{Extension, Json};
use domain::files::{FileName, Purpose};
use domain::ids::{ExperimentId, ObjectId, OrganizationId};
use http::Method;
use serde::{Deserialize, Serialize};
use tracker::{NewObject, files_connector};
use utoipa::ToSchema;
use uuid::Uuid;

use super::api_and_sdk_routes;
use super::request::{Authenticated, JsonBody, PathId, PathIds, invalid};
use crate::access::Access::{Read, Write};
use crate::files::UPLOAD_PATH;
use crate::hosts::Host;
use crate::problem::Problem;
use crate::routes::Route;
use crate::server::Server;

/// An object to upload.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewObject)]
pub struct CreateObject {
    /// The name of the file.
    #[schema(example = "best.pt")]
    filename: String,
    /// The purpose: `ARTIFACT` or `LOG_IMAGE`.
    #[serde(rename = "type")]
    #[schema(example = "ARTIFACT")]
    purpose: String,
    context: Option<ObjectContext>,
}

/// The resource that the object belongs to.
#[derive(Deserialize, ToSchema)]
#[schema(as = ObjectContext)]
pub struct ObjectContext {
    experiment_id: Option<Uuid>,
}

/// The name of an object.
#[derive(Serialize, Deserialize, ToSchema)]
#[schema(as = ObjectName)]
pub struct ObjectName {
    object_name: String,
}

/// How to upload an object.
#[derive(Serialize, ToSchema)]
#[schema(as = SignedUpload)]
pub struct SignedUpload {
    /// Always `minio`: upload by posting a form.
    client_type: &'static str,
    presigned_url_data: SignedForm,
}

/// A multipart form with all `fields`, `Content-Type`, and the part `file` at the end.
#[derive(Serialize, ToSchema)]
pub struct SignedForm {
    /// The URL to post the form to, without a token.
    url: String,
    fields: SignedFields,
}

/// The form fields besides the file.
#[derive(Serialize, ToSchema)]
#[schema(as = SignedFields)]
pub struct SignedFields {
    key: String,
    expires: String,
    signature: String,
}

/// A signed download URL.
#[derive(Serialize, ToSchema)]
pub struct SignedDownload {
    /// Valid for about an hour, without a token.
    presigned_url: String,
}

pub fn routes() -> Vec<Route> {
    [
        api_and_sdk_routes(
            Method::POST,
            "/organization/{id}/connector/{connector}/generate_object_name",
            Write,
            generate_object_name,
        ),
        api_and_sdk_routes(Method::POST, "/object-storage/{id}/generate_presigned_url", Write, generate_presigned_url),
        api_and_sdk_routes(Method::POST, "/object-storage/{id}/retrieve_presigned_url", Read, retrieve_presigned_url),
        parts::routes(),
    ]
    .concat()
}

/// Create the name of an object to upload
#[utoipa::path(
    post, path = "/api/organization/{id}/connector/{connector}/generate_object_name", tag = "Files",
    params(("id" = Uuid, Path), ("connector" = Uuid, Path, description = "The organization's `default_connector_id`")),
    request_body = CreateObject, responses((status = 200, body = ObjectName)),
)]
pub async fn generate_object_name(
    State(server): State<Server>,
    Authenticated(who): Authenticated,
    PathIds(organization, connector): PathIds<OrganizationId, Uuid>,
    JsonBody(new): JsonBody<CreateObject>,
) -> Result<Json<ObjectName>, Problem> {
    let purpose: Purpose = new.purpose.parse().map_err(|error| invalid(crate::problem::to_sentence(&error)))?;
    let experiment = new.context.and_then(|context| context.experiment_id).map(ExperimentId);
    let experiment = experiment.ok_or_else(|| invalid("The context must have an 'experiment_id'."))?;
    let filename = FileName::parse(&new.filename)?;
    if connector != files_connector(organization) {
        return Err(tracker::Error::NotFound("connector").into());
    }
    let object = server.tracker.create_object(&who, organization, &NewObject { purpose, experiment, filename }).await?;
    Ok(Json(ObjectName { object_name: object.to_string() }))
}

/// Create a signed upload form
#[utoipa::path(
    post, path = "/api/object-storage/{id}/generate_presigned_url", tag = "Files",
    params(("id" = Uuid, Path, description = "The organization's `default_connector_id`")),
    request_body = ObjectName, responses((status = 200, body = SignedUpload)),
)]
pub async fn generate_presigned_url(
    State(server): State<Server>,
    Extension(host): Extension<Host>,
    Authenticated(who): Authenticated,
    PathId(_): PathId<Uuid>,
    JsonBody(named): JsonBody<ObjectName>,
) -> Result<Json<SignedUpload>, Problem> {
    let url = server.tracker.sign_upload(&who, parse_object_name(&named.object_name)?).await?;
    Ok(Json(SignedUpload {
        client_type: "minio",
        presigned_url_data: SignedForm {
            url: format!("{}{UPLOAD_PATH}", server.hosts.url(&host)),
            fields: SignedFields {
                key: url.object.to_string(),
                expires: url.expires.to_string(),
                signature: url.signature,
            },
        },
    }))
}

/// Create a signed download URL
#[utoipa::path(
    post, path = "/api/object-storage/{id}/retrieve_presigned_url", tag = "Files",
    params(("id" = Uuid, Path, description = "The organization's `default_connector_id`")),
    request_body = ObjectName, responses((status = 200, body = SignedDownload)),
)]
pub async fn retrieve_presigned_url(
    State(server): State<Server>,
    Extension(host): Extension<Host>,
    Authenticated(who): Authenticated,
    PathId(_): PathId<Uuid>,
    JsonBody(named): JsonBody<ObjectName>,
) -> Result<Json<SignedDownload>, Problem> {
    let url = server.tracker.sign_download(&who, parse_object_name(&named.object_name)?).await?;
    Ok(Json(SignedDownload { presigned_url: format!("{}{}", server.hosts.url(&host), url.download_path()) }))
}

/// Parses an object name. A name that is not an id responds with 404.
fn parse_object_name(name: &str) -> Result<ObjectId, Problem> {
    name.parse().map_err(|_| tracker::Error::NotFound("object").into())
}
