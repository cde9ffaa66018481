//! `PUT /files/{object}/parts/{upload}/{number}?expires=…&signature=…`: one part of an upload, the body being its bytes.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, Request, State};
use domain::ids::{ObjectId, UploadId};
use http::header::ETAG;
use http::{HeaderName, StatusCode};
use tracker::{SignedAction, SignedUrl};

use super::body::{announced, never_silent};
use super::download::{Signed, not_signed};
use super::upload::too_large;
use crate::problem::Problem;
use crate::server::Server;

/// Takes a part; the answer's `ETag` names what was kept. It is 200 and not 204, because some clients take nothing else.
pub async fn send_part(
    State(server): State<Server>,
    Path((object, upload, number)): Path<(String, String, i64)>,
    signed: Result<Query<Signed>, QueryRejection>,
    request: Request,
) -> Result<(StatusCode, [(HeaderName, String); 1]), Problem> {
    let Query(Signed { expires, signature }) = signed.map_err(|_| not_signed())?;
    let (Ok(object), Ok(upload)) = (object.parse::<ObjectId>(), upload.parse::<UploadId>()) else {
        return Err(Problem::from_status(StatusCode::NOT_FOUND));
    };
    if announced(request.headers()).is_some_and(|length| length > tracker::UPLOAD_LIMIT) {
        return Err(too_large());
    }
    let ticket = SignedUrl { deed: SignedAction::Part { upload, number }, object, expires, signature };
    let body = never_silent(request.into_body(), server.limits.body);
    let name = server.tracker.upload_part(&ticket, body).await?;
    Ok((StatusCode::OK, [(ETAG, format!("\"{name}\""))]))
}
