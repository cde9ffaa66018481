//! Refuses changes that a page of another site asks for with this user's session.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http::header::{ORIGIN, UPGRADE};
use http::{HeaderMap, Method, StatusCode};

use crate::health;
use crate::hosts::Host;
use crate::problem::Problem;
use crate::server::Server;

/// Reading is free (a foreign page cannot see the answer); everything else, and a WebSocket
/// (whose answers a foreign page could see), must come from a page of ours.
pub async fn check(State(server): State<Server>, request: Request, next: Next) -> Response {
    if only_reads(&request) || is_ours(&server, &request) {
        return next.run(request).await;
    }
    Problem::new(
        StatusCode::FORBIDDEN,
        "foreign_origin",
        "This request comes from a page of another site, so it was not carried out. If that site is this server under another name, start the server with --public-url or --allowed-host.",
    )
    .into_response()
}

fn only_reads(request: &Request) -> bool {
    let method = request.method();
    let reads = matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS);
    reads && !request.headers().contains_key(UPGRADE)
}

/// Browsers send `Origin` with every change. What comes without is no browser's or an old one's:
/// then `Sec-Fetch-Site` tells, and failing that, a request without a session has nothing to lose.
fn is_ours(server: &Server, request: &Request) -> bool {
    let headers = request.headers();
    // Only health checks come here without a host that is ours, and they change nothing.
    let Some(host) = request.extensions().get::<Host>() else { return health::is_check(request.uri().path()) };
    if headers.contains_key(ORIGIN) {
        let origin = only(headers, ORIGIN.as_str()).and_then(|origin| origin.parse().ok());
        return origin.is_some_and(|origin| server.hosts.trust(&origin, host));
    }
    let site = headers.contains_key("sec-fetch-site").then(|| only(headers, "sec-fetch-site").unwrap_or_default());
    matches!(site, Some("same-origin" | "none")) || server.cookie.secret(headers).is_none()
}

/// A header's value if it is there once.
fn only<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(value)
}
