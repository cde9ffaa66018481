//! `PUT /files/{object}/parts/{upload}/{number}?expires=…&signature=…`: one part of a multipart upload; the body is its
//! bytes.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, Request, State};
use domain::ids::{ObjectId, UploadId};
use http::header::ETAG;
use http::{HeaderName, StatusCode};
use tracker::{SignedAction, SignedUrl};

use super::body::{content_length, with_minimum_rate};
use super::download::{SignatureParams, invalid_signature};
use super::upload::too_large;
use crate::problem::Problem;
use crate::server::Server;

/// Stores a part and returns its `ETag`. The status is 200 instead of 204, because some clients accept only 200.
pub async fn receive_part(
    State(server): State<Server>,
    Path((object, upload, number)): Path<(String, String, i64)>,
    query: Result<Query<SignatureParams>, QueryRejection>,
    request: Request,
) -> Result<(StatusCode, [(HeaderName, String); 1]), Problem> {
    let Query(SignatureParams { expires, signature }) = query.map_err(|_| invalid_signature())?;
    let (Ok(object), Ok(upload)) = (object.parse::<ObjectId>(), upload.parse::<UploadId>()) else {
        return Err(Problem::from_status(StatusCode::NOT_FOUND));
    };
    if content_length(request.headers()).is_some_and(|length| length > tracker::UPLOAD_LIMIT) {
        return Err(too_large());
    }
    let signed_url = SignedUrl { action: SignedAction::Part { upload, number }, object, expires, signature };
    let body = with_minimum_rate(request.into_body(), server.limits.minimum_rate);
    let tag = server.tracker.upload_signed_part(&signed_url, body).await?;
    Ok((StatusCode::OK, [(ETAG, format!("\"{tag}\""))]))
}
