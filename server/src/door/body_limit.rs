//! Bounds what a request may bring.

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

/// Forms, server functions and scripts' small calls need no more.
const LIMIT: usize = 1024 * 1024;
/// What is still read of a body that was refused.
const LINGER: usize = 16 * LIMIT;

/// Hands on a body that is complete and within the limit, so that no handler meets one that is not.
/// A body that says it is larger is refused before it is read. Uploads pass as they come: they bound themselves.
pub async fn check(State(server): State<Server>, request: Request, next: Next) -> Response {
    if files::takes_files(request.uri().path()) {
        return next.run(request).await;
    }
    let patience = server.limits.body;
    let (head, body) = request.into_parts();
    if files::announced(&head.headers).is_some_and(|length| length > LIMIT as u64) {
        return too_large(body, patience);
    }
    match timeout(patience, read(body, patience)).await {
        Ok(Ok(body)) => next.run(Request::from_parts(head, Body::from(body))).await,
        Ok(Err(refusal)) => refusal,
        Err(_) => Problem::bare(StatusCode::REQUEST_TIMEOUT).into_response(),
    }
}

async fn read(body: Body, patience: Duration) -> Result<Bytes, Response> {
    let mut stream = body.into_data_stream();
    let mut read = Vec::new();
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.map_err(|_| {
            Problem::new(StatusCode::BAD_REQUEST, "broken_body", "The request's body broke off.").into_response()
        })?;
        if read.len() + chunk.len() > LIMIT {
            return Err(too_large(Body::from_stream(stream), patience));
        }
        read.extend_from_slice(&chunk);
    }
    Ok(read.into())
}

/// Answers at once and lets the rest of the body run dry beside: a client that is cut off while it
/// still sends never sees the answer.
fn too_large(body: Body, patience: Duration) -> Response {
    tokio::spawn(timeout(patience, async move {
        let mut left = LINGER;
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
        "The request is larger than the 1 MiB that this address accepts.",
    )
    .into_response()
}
