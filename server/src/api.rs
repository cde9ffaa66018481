//! The scripts' addresses: JSON for tokens, never for sessions.
//!
//! They stand under `/api`, and under `/sdk` for packages of the SDK up to 6.16, which say that.

mod ping;

use axum::handler::Handler;
use http::Method;

use crate::access::Access;
use crate::routes::Route;

/// All of them, each under both prefixes.
pub fn routes() -> Vec<Route> {
    [both(Method::GET, "/home/ping", Access::Read, ping::ping)].into_iter().flatten().collect()
}

fn both<T: 'static>(
    method: Method,
    path: &str,
    access: Access,
    handler: impl Handler<T, crate::server::Server>,
) -> [Route; 2] {
    ["/api", "/sdk"].map(|prefix| Route::on(method.clone(), format!("{prefix}{path}"), access, handler.clone()))
}
