//! The scripts' addresses: JSON for tokens, never for sessions.
//!
//! They stand under `/api`, and under `/sdk` for packages of the SDK up to 6.16, which say that.

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

use axum::handler::Handler;
use http::Method;

use crate::access::Access;
use crate::routes::Route;

/// All of them, each under both prefixes; and what describes them.
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
