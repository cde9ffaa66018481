//! The middleware that every request and response passes.
//!
//! From the outside in: request id, request log, security headers, error bodies, panic handling, capacity, host check, origin
//! check, body limit, timeout. Authentication (`access`) belongs to the routes, because each accepts different credentials.

mod body_budget;
mod body_limit;
mod capacity;
mod error_body;
mod headers;
mod host;
mod origin;
mod request_id;
mod request_log;
#[cfg(test)]
mod tests;
mod timeout;

pub use body_budget::LargeBodyBudget;
pub use body_limit::MAX_BODY_BYTES;
pub use error_body::is_api_path;
pub use headers::insert_security_headers;
pub use origin::remove_foreign_referer;

use std::any::Any;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use tower::ServiceBuilder;
use tower_http::CompressionLevel;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer};

use crate::problem::Problem;
use crate::server::Server;

/// Compression level. Brotli at this level takes about as long as gzip for a page and is a tenth smaller.
const COMPRESSION: CompressionLevel = CompressionLevel::Precise(4);

/// Applies the middleware to all routes, including the fallback.
pub fn apply(routes: Router, server: &Server) -> Router {
    routes.layer(
        ServiceBuilder::new()
            .layer(from_fn(request_id::sanitize))
            .layer(SetRequestIdLayer::x_request_id(MakeRequestUuid))
            .layer(request_log::layer())
            .layer(PropagateRequestIdLayer::x_request_id())
            .layer(from_fn_with_state(server.clone(), headers::secure))
            .layer(from_fn(error_body::render))
            .layer(CatchPanicLayer::custom(after_panic))
            .layer(from_fn_with_state(server.clone(), capacity::require_capacity))
            .layer(from_fn_with_state(server.clone(), host::require_known_host))
            .layer(from_fn_with_state(server.clone(), origin::require_same_origin))
            .layer(from_fn_with_state(server.clone(), body_limit::limit_body))
            // Bodies are within their limit here. The default limit of the extractors is smaller than that of logs.
            .layer(DefaultBodyLimit::disable())
            .layer(from_fn_with_state(server.clone(), timeout::limit_response_time)),
    )
}

/// Returns the layer that compresses dynamic responses.
pub fn compression() -> CompressionLayer {
    CompressionLayer::new().quality(COMPRESSION)
}

fn after_panic(payload: Box<dyn Any + Send>) -> Response {
    let message =
        payload.downcast_ref::<&str>().copied().or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    tracing::error!("a request handler panicked: {}", message.unwrap_or("no message"));
    Problem::internal().into_response()
}
