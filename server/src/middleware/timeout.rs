//! Limits the time until a response begins.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use tokio::time::timeout;

use crate::files;
use crate::problem::Problem;
use crate::server::Server;

/// Responds with 503 if the handler takes too long. Uploads are exempt; they limit the time between two chunks.
pub async fn limit_response_time(State(server): State<Server>, request: Request, next: Next) -> Response {
    if files::is_upload_path(request.uri().path()) {
        return next.run(request).await;
    }
    match timeout(server.limits.response, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Problem::from_status(StatusCode::SERVICE_UNAVAILABLE).into_response(),
    }
}
