//! Whether the server lives, and whether it can work: for whoever watches or restarts it.

use std::time::Duration;

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use tracing::warn;

use crate::access::Access;
use crate::problem::Problem;
use crate::routes::Route;
use crate::server::Server;

const ALIVE: &str = "/healthz";
const READY: &str = "/readyz";
/// A database that takes longer than this to answer is of no use to a page either.
const PATIENCE: Duration = Duration::from_secs(2);

/// The two checks.
pub fn routes() -> Vec<Route> {
    vec![Route::get(ALIVE, Access::Open, alive), Route::get(READY, Access::Open, ready)]
}

/// Whether a path is one of the checks.
pub fn is_check(path: &str) -> bool {
    [ALIVE, READY].contains(&path)
}

async fn alive() -> &'static str {
    "ok\n"
}

async fn ready(State(server): State<Server>) -> Response {
    let refused = match tokio::time::timeout(PATIENCE, server.tracker.ready()).await {
        Ok(Ok(())) => return "ready\n".into_response(),
        Ok(Err(error)) => error.to_string(),
        Err(_) => format!("no answer in {} s", PATIENCE.as_secs()),
    };
    warn!("not ready: {refused}");
    Problem::new(
        StatusCode::SERVICE_UNAVAILABLE,
        "not_ready",
        "The database or the file store cannot be reached. The server's log says why.",
    )
    .into_response()
}
