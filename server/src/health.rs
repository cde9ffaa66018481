//! Health checks for process supervisors and load balancers.

use std::time::Duration;

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use tracing::warn;
use tracker::Error;

use crate::access::Access;
use crate::problem::{Problem, to_sentence};
use crate::routes::Route;
use crate::server::Server;

const ALIVE: &str = "/healthz";
const READY: &str = "/readyz";
/// Time limit of the readiness check. A slower database is of no use to pages either.
const READY_TIMEOUT: Duration = Duration::from_secs(2);

const UNREACHABLE: &str = "The database or the file storage is unreachable. See the server's log for details.";

/// Returns the routes of the two checks.
pub fn routes() -> Vec<Route> {
    vec![Route::get(ALIVE, Access::Open, alive), Route::get(READY, Access::Open, ready)]
}

/// Returns whether a path is one of the checks.
pub fn is_health_check(path: &str) -> bool {
    [ALIVE, READY].contains(&path)
}

async fn alive() -> &'static str {
    "ok\n"
}

async fn ready(State(server): State<Server>) -> Response {
    let (reason, message) = match tokio::time::timeout(READY_TIMEOUT, server.tracker.ready()).await {
        Ok(Ok(())) => return "ready\n".into_response(),
        Ok(Err(error @ (Error::Full(_) | Error::Unavailable { .. }))) => (error.with_cause(), to_sentence(&error)),
        Ok(Err(error)) => (error.with_cause(), UNREACHABLE.to_owned()),
        Err(_) => (format!("no response within {} s", READY_TIMEOUT.as_secs()), UNREACHABLE.to_owned()),
    };
    warn!("not ready: {reason}");
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, "not_ready", message)
        .with_retry_after(Error::RETRY_SECONDS)
        .into_response()
}
