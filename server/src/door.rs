//! What every request passes on its way in, and every answer on its way out.
//!
//! From the outside in: an id, a log line, security headers, the form of errors, panics caught,
//! the host, the origin, the size of the body, the time. Who asks is the routes' own
//! question (`access`), because each accepts different credentials.

mod body_limit;
mod headers;
mod host;
mod origin;
mod patience;
mod problems;
mod request_id;
mod request_log;
#[cfg(test)]
mod tests;

pub use problems::is_for_scripts;

use std::any::Any;

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use tower::ServiceBuilder;
use tower_http::CompressionLevel;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer};

use crate::problem::Problem;
use crate::server::Server;

/// Brotli at this level costs a page about as much as gzip and saves a tenth more.
const COMPRESSION: CompressionLevel = CompressionLevel::Precise(4);

/// Puts the door in front of all routes, also of the answer that there is no such route.
pub fn guard(routes: Router, server: &Server) -> Router {
    routes.layer(
        ServiceBuilder::new()
            .layer(from_fn(request_id::refuse_strange))
            .layer(SetRequestIdLayer::x_request_id(MakeRequestUuid))
            .layer(request_log::layer())
            .layer(PropagateRequestIdLayer::x_request_id())
            .layer(from_fn_with_state(server.clone(), headers::secure))
            .layer(from_fn(problems::give_form))
            .layer(CatchPanicLayer::custom(after_panic))
            .layer(from_fn_with_state(server.clone(), host::check))
            .layer(from_fn_with_state(server.clone(), origin::check))
            .layer(from_fn_with_state(server.clone(), body_limit::check))
            .layer(from_fn_with_state(server.clone(), patience::check)),
    )
}

/// Compresses what is made anew for each request.
pub fn compression() -> CompressionLayer {
    CompressionLayer::new().quality(COMPRESSION)
}

fn after_panic(payload: Box<dyn Any + Send>) -> Response {
    let said = payload.downcast_ref::<&str>().copied().or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    tracing::error!("a request ended in a panic: {}", said.unwrap_or("without a message"));
    Problem::internal().into_response()
}
