//! The answer to a request for one of the site's files.

use axum::body::{Body, Bytes};
use axum::http::header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use super::encoding::{Encoding, choose};
use super::files::Files;

/// The file at `path` in the encoding that the request prefers, "not modified" where the browser has it, or 404.
pub fn answer(files: &Files, path: &str, request: &HeaderMap) -> Response {
    let Some(found) = files.find(path) else { return StatusCode::NOT_FOUND.into_response() };

    let accept = joined(request, ACCEPT_ENCODING.as_str());
    let encoding = choose(accept.as_deref(), found.brotli.is_some(), found.gzip.is_some());
    let body = match (encoding, found.brotli, found.gzip) {
        (Encoding::Brotli, Some(bytes), _) | (Encoding::Gzip, _, Some(bytes)) => Bytes::from_static(bytes),
        _ => match found.plain {
            std::borrow::Cow::Borrowed(bytes) => Bytes::from_static(bytes),
            std::borrow::Cow::Owned(bytes) => Bytes::from(bytes),
        },
    };

    let mut headers = HeaderMap::new();
    headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
    headers.insert(
        CACHE_CONTROL,
        HeaderValue::from_static(if found.immutable { "public, max-age=31536000, immutable" } else { "no-cache" }),
    );
    // The path carries the content's hash; what one encoding answers is not what another does.
    let tag = format!("\"{path}{}\"", encoding.name().map(|name| format!("-{name}")).unwrap_or_default());
    let matched = joined(request, IF_NONE_MATCH.as_str()).is_some_and(|known| matches(&known, &tag));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(ETAG, tag);
    }
    if matched {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }

    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type(path)));
    if let Some(name) = encoding.name() {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static(name));
    }
    (headers, Body::from(body)).into_response()
}

/// All lines of a header as one list.
fn joined(headers: &HeaderMap, name: &str) -> Option<String> {
    let lines: Vec<_> = headers.get_all(name).iter().filter_map(|value| value.to_str().ok()).collect();
    (!lines.is_empty()).then(|| lines.join(","))
}

/// Whether `If-None-Match` names the tag; compared weakly, as RFC 9110 wants it for this header.
fn matches(known: &str, tag: &str) -> bool {
    known.split(',').map(str::trim).any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known) == tag)
}

/// The content type by the ending of a path.
fn content_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map_or("", |(_, ending)| ending) {
        "css" => "text/css; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "html" => "text/html; charset=utf-8",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
