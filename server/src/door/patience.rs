//! Bounds how long an answer may be waited for.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use tokio::time::timeout;

use crate::files;
use crate::problem::Problem;
use crate::server::Server;

/// Gives an answer up that has not begun in time. Uploads take as long as they take; they bound their silences.
pub async fn check(State(server): State<Server>, request: Request, next: Next) -> Response {
    if files::takes_files(request.uri().path()) {
        return next.run(request).await;
    }
    match timeout(server.limits.answer, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Problem::bare(StatusCode::SERVICE_UNAVAILABLE).into_response(),
    }
}
