//! Object storage, as the SDK knows it: names, and signed addresses to upload to and download from.

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
use crate::files::UPLOAD;
use crate::hosts::Host;
use crate::problem::Problem;
use crate::routes::Route;
use crate::server::Server;

/// An object to be uploaded.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewObject)]
pub struct CreateObject {
    /// What the file is called.
    #[schema(example = "best.pt")]
    filename: String,
    /// What it is for: `ARTIFACT` or `LOG_IMAGE`.
    #[serde(rename = "type")]
    #[schema(example = "ARTIFACT")]
    purpose: String,
    context: Option<ObjectContext>,
}

/// Where an object belongs.
#[derive(Deserialize, ToSchema)]
#[schema(as = ObjectContext)]
pub struct ObjectContext {
    experiment_id: Option<Uuid>,
}

/// An object's name.
#[derive(Serialize, Deserialize, ToSchema)]
#[schema(as = ObjectName)]
pub struct ObjectName {
    object_name: String,
}

/// How to upload an object.
#[derive(Serialize, ToSchema)]
#[schema(as = SignedUpload)]
pub struct SignedUpload {
    /// `minio`: a form is to be posted.
    client_type: &'static str,
    presigned_url_data: SignedForm,
}

/// A form: all `fields`, `Content-Type`, and at the end the part `file`.
#[derive(Serialize, ToSchema)]
pub struct SignedForm {
    /// Where to post it, without a token.
    url: String,
    fields: SignedFields,
}

/// What the form says besides the file.
#[derive(Serialize, ToSchema)]
#[schema(as = SignedFields)]
pub struct SignedFields {
    key: String,
    expires: String,
    signature: String,
}

/// Where to download an object.
#[derive(Serialize, ToSchema)]
pub struct SignedDownload {
    /// Works for about an hour, without a token.
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

/// Name an object that is going to be uploaded
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
    let purpose: Purpose = new.purpose.parse().map_err(|error| invalid(crate::problem::sentence(&error)))?;
    let experiment = new.context.and_then(|context| context.experiment_id).map(ExperimentId);
    let experiment = experiment.ok_or_else(|| invalid("The context must have an 'experiment_id'."))?;
    let filename = FileName::parse(&new.filename)?;
    if connector != files_connector(organization) {
        return Err(tracker::Error::NotFound("connector").into());
    }
    let object = server.tracker.create_object(&who, organization, &NewObject { purpose, experiment, filename }).await?;
    Ok(Json(ObjectName { object_name: object.to_string() }))
}

/// Sign a form to upload an object with
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
    let ticket = server.tracker.allow_upload(&who, parse_object_name(&named.object_name)?).await?;
    Ok(Json(SignedUpload {
        client_type: "minio",
        presigned_url_data: SignedForm {
            url: format!("{}{UPLOAD}", server.hosts.url(&host)),
            fields: SignedFields {
                key: ticket.object.to_string(),
                expires: ticket.expires.to_string(),
                signature: ticket.signature,
            },
        },
    }))
}

/// Sign an address to download an object from
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
    let ticket = server.tracker.allow_download(&who, parse_object_name(&named.object_name)?).await?;
    Ok(Json(SignedDownload { presigned_url: format!("{}{}", server.hosts.url(&host), ticket.download_path()) }))
}

/// Names that are none of ours are of nothing.
fn parse_object_name(name: &str) -> Result<ObjectId, Problem> {
    name.parse().map_err(|_| tracker::Error::NotFound("object").into())
}
