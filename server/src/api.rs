//! The HTTP API for scripts: JSON, authenticated by token, never by session.
//!
//! Every endpoint exists under `/api`, and under `/sdk` for SDK packages up to 6.16.

mod artifacts;
mod docs;
pub mod document;
mod experiments;
mod logs;
mod objects;
mod organizations;
mod ping;
mod projects;
pub mod request;
mod schemas;
mod stream;

use axum::handler::Handler;
use http::Method;

pub use logs::is_log_data_route;

use crate::access::Access;
use crate::routes::Route;

/// Returns the routes of all endpoints under both prefixes, and of the API's documentation.
pub fn routes() -> Vec<Route> {
    [
        ping::routes(),
        organizations::routes(),
        projects::routes(),
        experiments::routes(),
        logs::routes(),
        artifacts::routes(),
        objects::routes(),
        document::routes(),
        docs::routes(),
    ]
    .concat()
}

/// Returns the route of an endpoint under `/api` and under `/sdk`.
fn api_and_sdk_routes<T: 'static>(
    method: Method,
    path: &str,
    access: Access,
    handler: impl Handler<T, crate::server::Server>,
) -> Vec<Route> {
    ["/api", "/sdk"]
        .map(|prefix| Route::on(method.clone(), format!("{prefix}{path}"), access, handler.clone()))
        .to_vec()
}
