//! Rejects cross-site requests that would change data with the user's session (CSRF).

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http::header::{ORIGIN, UPGRADE};
use http::{HeaderMap, Method, StatusCode};

use crate::health;
use crate::hosts::Host;
use crate::problem::Problem;
use crate::server::Server;

/// Accepts reads from anywhere, because a page of another site cannot see the response. Everything else, including WebSockets,
/// whose messages such a page could see, must come from a page of this server.
pub async fn require_same_origin(State(server): State<Server>, request: Request, next: Next) -> Response {
    if is_read(&request) || is_same_site(&server, &request) {
        return next.run(request).await;
    }
    Problem::new(
        StatusCode::FORBIDDEN,
        "foreign_origin",
        "The request was rejected because it comes from a page of another site. If that site is this server under another name, start the server with --public-url or --allowed-host.",
    )
    .into_response()
}

fn is_read(request: &Request) -> bool {
    let method = request.method();
    let reads = matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS);
    reads && !request.headers().contains_key(UPGRADE)
}

/// Returns whether a request comes from a page of this server or from a program without a session.
///
/// Browsers send `Origin` with every change. Requests without it come from other programs or old browsers: then
/// `Sec-Fetch-Site` decides, and without that, a request without a session is harmless.
fn is_same_site(server: &Server, request: &Request) -> bool {
    let headers = request.headers();
    // Only health checks have no host, and they change nothing.
    let Some(host) = request.extensions().get::<Host>() else { return health::is_health_check(request.uri().path()) };
    if headers.contains_key(ORIGIN) {
        let origin = single_value(headers, ORIGIN.as_str()).and_then(|origin| origin.parse().ok());
        return origin.is_some_and(|origin| server.hosts.trusts(&origin, host));
    }
    let site =
        headers.contains_key("sec-fetch-site").then(|| single_value(headers, "sec-fetch-site").unwrap_or_default());
    matches!(site, Some("same-origin" | "none")) || server.cookie.secret(headers).is_none()
}

/// Returns the value of a header that occurs exactly once.
fn single_value<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(value)
}
