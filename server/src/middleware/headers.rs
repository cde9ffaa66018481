//! Security headers of all responses: pages, files and errors.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS,
    X_FRAME_OPTIONS,
};
use http::{HeaderMap, HeaderName, HeaderValue};

use crate::server::Server;

/// Content security policy of responses other than pages: nothing may load or run, wherever the response is shown.
const DENY_ALL: HeaderValue =
    HeaderValue::from_static("default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");

/// Headers that are the same for all responses.
const COMMON_HEADERS: [(HeaderName, HeaderValue); 6] = [
    (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    // Not `no-referrer`: a form submitted without JavaScript returns to the page that it came from.
    (REFERRER_POLICY, HeaderValue::from_static("same-origin")),
    (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
    (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static("camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ),
];

/// HSTS for two years, as browsers' preload lists require.
const TWO_YEARS_HSTS: HeaderValue = HeaderValue::from_static("max-age=63072000");

/// Adds the headers to every response.
pub async fn secure(State(server): State<Server>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    insert_security_headers(response.headers_mut(), server.hosts.is_https());
    response
}

/// Inserts the headers. Keeps the content security policy (with a nonce) and the cache policy that a handler has set; the defaults
/// allow nothing and disable caching. HSTS is only for servers whose public URL is `https`.
pub fn insert_security_headers(headers: &mut HeaderMap, https: bool) {
    for (name, value) in COMMON_HEADERS {
        headers.insert(name, value);
    }
    headers.entry(CONTENT_SECURITY_POLICY).or_insert(DENY_ALL);
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    if https {
        headers.insert(STRICT_TRANSPORT_SECURITY, TWO_YEARS_HSTS);
    }
}
