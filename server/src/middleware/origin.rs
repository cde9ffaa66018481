//! Rejects cross-site requests that would change data with the user's session (CSRF).

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http::header::{ORIGIN, REFERER, UPGRADE};
use http::{HeaderMap, Method, StatusCode};

use crate::health;
use crate::hosts::{Host, Origin};
use crate::problem::Problem;
use crate::server::Server;

/// The header in which a browser says whether the page that sends a request is of this origin.
const SEC_FETCH_SITE: &str = "sec-fetch-site";

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
/// Browsers send `Origin` with every change, and most also `Sec-Fetch-Site`; all that a request has must be from here. A request with
/// neither comes from another program or an old browser. It is harmless without a session.
fn is_same_site(server: &Server, request: &Request) -> bool {
    let headers = request.headers();
    // Only health checks have no host, and they change nothing.
    let Some(host) = request.extensions().get::<Host>() else { return health::is_health_check(request.uri().path()) };
    // A WebSocket has another scheme than its page, which browsers may take for another site. It always has an origin.
    let is_socket = headers.contains_key(UPGRADE) && headers.contains_key(ORIGIN);
    let has_site = headers.contains_key(SEC_FETCH_SITE) && !is_socket;
    if has_site && !matches!(single_value(headers, SEC_FETCH_SITE), Some("same-origin" | "none")) {
        // Also without a session: a page of another site could sign the user in as someone else.
        return false;
    }
    if headers.contains_key(ORIGIN) {
        let origin = single_value(headers, ORIGIN.as_str()).and_then(|origin| origin.parse().ok());
        return origin.is_some_and(|origin| server.hosts.trusts(&origin, host));
    }
    has_site || server.cookie.secret(headers).is_none()
}

/// Removes a `Referer` that is not a page of this server. A form that was submitted without JavaScript redirects to it, and links
/// from other sites could otherwise use the server to redirect anywhere.
pub fn remove_foreign_referer(server: &Server, request: &mut Request) {
    let host = request.extensions().get::<Host>();
    let page = single_value(request.headers(), REFERER.as_str()).and_then(|referer| referer.parse().ok());
    let origin = page.as_ref().and_then(Origin::of_url);
    if !host.zip(origin).is_some_and(|(host, origin)| server.hosts.trusts(&origin, host)) {
        request.headers_mut().remove(REFERER);
    }
}

/// Returns the value of a header that occurs exactly once.
fn single_value<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(value)
}
