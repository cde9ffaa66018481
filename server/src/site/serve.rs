//! Responses with the site's files: encoding, caching headers and conditional requests.

use axum::body::{Body, Bytes};
use axum::http::header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use super::encoding::{Encoding, choose_encoding};
use super::files::FileSource;

/// Returns the file at `path` in the encoding that the request prefers, 304 if the browser has it already, or 404.
pub fn respond(files: &FileSource, path: &str, request: &HeaderMap) -> Response {
    let Some(found) = files.find(path) else { return StatusCode::NOT_FOUND.into_response() };

    let accept = joined_header(request, ACCEPT_ENCODING.as_str());
    let encoding = choose_encoding(accept.as_deref(), found.brotli.is_some(), found.gzip.is_some());
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
    // The path contains the hash of the content. Each encoding has its own tag, because its bytes differ.
    let tag = format!("\"{path}{}\"", encoding.name().map(|name| format!("-{name}")).unwrap_or_default());
    let matched = joined_header(request, IF_NONE_MATCH.as_str()).is_some_and(|known| if_none_match(&known, &tag));
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

/// Returns all values of a header joined with commas, or `None` if the header is missing.
fn joined_header(headers: &HeaderMap, name: &str) -> Option<String> {
    let lines: Vec<_> = headers.get_all(name).iter().filter_map(|value| value.to_str().ok()).collect();
    (!lines.is_empty()).then(|| lines.join(","))
}

/// Returns whether `If-None-Match` contains the tag. Uses weak comparison, as RFC 9110 requires for this header.
fn if_none_match(known: &str, tag: &str) -> bool {
    known.split(',').map(str::trim).any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known) == tag)
}

/// Returns the content type for the extension of a path.
fn content_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map_or("", |(_, extension)| extension) {
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
