//! Limits the size of request bodies and the time to receive them.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use futures_util::StreamExt as _;
use http::StatusCode;
use tokio::time::timeout;

use crate::files;
use crate::problem::Problem;
use crate::server::Server;

/// Maximum size of a body, in bytes. Sufficient for forms, server functions and API calls.
const MAX_BODY_BYTES: usize = 1024 * 1024;
/// Number of bytes that are still read from a rejected body.
const MAX_DRAINED_BYTES: usize = 16 * MAX_BODY_BYTES;

/// Reads the body completely before calling the handler, so that handlers only see complete bodies within the limit.
///
/// A larger `Content-Length` is rejected before reading. Uploads are passed on as streams; they have limits of their own.
pub async fn limit_body(State(server): State<Server>, request: Request, next: Next) -> Response {
    if files::is_upload_path(request.uri().path()) {
        return next.run(request).await;
    }
    let time_limit = server.limits.body;
    let (head, body) = request.into_parts();
    if files::content_length(&head.headers).is_some_and(|length| length > MAX_BODY_BYTES as u64) {
        return reject_too_large(body, time_limit);
    }
    match timeout(time_limit, read_body(body, time_limit)).await {
        Ok(Ok(body)) => next.run(Request::from_parts(head, Body::from(body))).await,
        Ok(Err(response)) => response,
        Err(_) => Problem::from_status(StatusCode::REQUEST_TIMEOUT).into_response(),
    }
}

async fn read_body(body: Body, time_limit: Duration) -> Result<Bytes, Response> {
    let mut stream = body.into_data_stream();
    let mut read = Vec::new();
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.map_err(|_| {
            Problem::new(StatusCode::BAD_REQUEST, "broken_body", "The request's body was incomplete.").into_response()
        })?;
        if read.len() + chunk.len() > MAX_BODY_BYTES {
            return Err(reject_too_large(Body::from_stream(stream), time_limit));
        }
        read.extend_from_slice(&chunk);
    }
    Ok(read.into())
}

/// Responds immediately and drains the rest of the body in the background. A client whose connection is closed while it is
/// sending would not see the response.
fn reject_too_large(body: Body, time_limit: Duration) -> Response {
    tokio::spawn(timeout(time_limit, async move {
        let mut left = MAX_DRAINED_BYTES;
        let mut stream = body.into_data_stream();
        while let Some(Ok(chunk)) = stream.next().await {
            left = left.saturating_sub(chunk.len());
            if left == 0 {
                break;
            }
        }
    }));
    Problem::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        "too_large",
        "The request is larger than the 1 MiB that this endpoint accepts.",
    )
    .into_response()
}
