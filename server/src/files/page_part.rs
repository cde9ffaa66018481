//! `PUT /files/uploads/{upload}/parts/{number}`: one part of an upload from the page.

use axum::extract::{Request, State};
use domain::ids::UploadId;
use http::StatusCode;

use super::body::with_minimum_rate;
use crate::api::request::{Authenticated, PathIds};
use crate::problem::Problem;
use crate::server::Server;

/// Stores a part. Its size must be the one that the upload specifies for this part.
pub async fn receive_part(
    State(server): State<Server>,
    Authenticated(actor): Authenticated,
    PathIds(upload, number): PathIds<UploadId, i64>,
    request: Request,
) -> Result<StatusCode, Problem> {
    let body = with_minimum_rate(request.into_body(), server.limits.minimum_rate);
    server.tracker.upload_part(&actor, upload, number, body).await?;
    Ok(StatusCode::NO_CONTENT)
}
