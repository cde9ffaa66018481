//! `PUT /files/uploads/{upload}/parts/{number}`: one part of what somebody uploads from the page.

use axum::extract::{Request, State};
use domain::ids::UploadId;
use http::StatusCode;

use super::body::never_silent;
use crate::api::request::{Authenticated, PathIds};
use crate::problem::Problem;
use crate::server::Server;

/// Takes a part, which must be whole: the upload says how long each is.
pub async fn send_part(
    State(server): State<Server>,
    Authenticated(who): Authenticated,
    PathIds(upload, number): PathIds<UploadId, i64>,
    request: Request,
) -> Result<StatusCode, Problem> {
    let body = never_silent(request.into_body(), server.limits.body);
    server.tracker.upload_part_of(&who, upload, number, body).await?;
    Ok(StatusCode::NO_CONTENT)
}
