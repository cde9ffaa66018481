//! Rejects requests for which there is no place: on reserved connections, and of clients with more than their share.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http::header::CONNECTION;
use http::{HeaderValue, StatusCode, Version};

use crate::client_ip::forwarded_client_ip;
use crate::connections::ConnectionPermit;
use crate::health;
use crate::problem::Problem;
use crate::server::Server;

/// When to repeat a rejected request, in seconds.
const RETRY_AFTER_SECONDS: u64 = 5;

/// Responds with 503 on a reserved connection, and with 429 to a client behind a trusted proxy that has more than its share of
/// requests while most are in use. Health checks are always served.
pub async fn require_capacity(State(server): State<Server>, request: Request, next: Next) -> Response {
    let permit = request.extensions().get::<ConnectionPermit>().cloned();
    let Some(permit) = permit.filter(|_| !health::is_health_check(request.uri().path())) else {
        return next.run(request).await;
    };
    if permit.is_reserved() {
        return no_connection(request.version());
    }
    let (parts, body) = request.into_parts();
    if let Some(client) = forwarded_client_ip(&parts, &server.hosts.proxies) {
        match server.client_shares.acquire(client) {
            Some(client) => permit.hold_client(client),
            None => return too_many_requests(),
        }
    }
    next.run(Request::from_parts(parts, body)).await
}

fn no_connection(version: Version) -> Response {
    let message = "The server has no free connection at the moment. Try again in 5 seconds.";
    let problem = Problem::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", message);
    let mut response = problem.with_retry_after(RETRY_AFTER_SECONDS).into_response();
    // HTTP/2 has no such header.
    if version < Version::HTTP_2 {
        response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

fn too_many_requests() -> Response {
    let message = "Too many requests from your address at the same time. Try again in 5 seconds.";
    Problem::new(StatusCode::TOO_MANY_REQUESTS, "too_many", message)
        .with_retry_after(RETRY_AFTER_SECONDS)
        .into_response()
}
