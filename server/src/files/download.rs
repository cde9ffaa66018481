//! `GET /files/{id}?expires=…&signature=…`: downloads an uploaded file.
//!
//! Uploaded content is untrusted and must not run in the browser: it is sandboxed, its type is not guessed, and only raster
//! images are shown inline. All other files are offered as attachments.

use std::fmt::Write as _;

use axum::body::Body;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::{IntoResponse as _, Response};
use domain::files::{FileName, MediaType};
use domain::ids::ObjectId;
use http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_SECURITY_POLICY,
    CONTENT_TYPE, ETAG, IF_NONE_MATCH, IF_RANGE, RANGE,
};
use http::{HeaderMap, HeaderValue, StatusCode};
use serde::Deserialize;
use tracker::{Download, SignedAction, SignedUrl};

use super::range::{RequestedRange, parse_range};
use crate::api::request::PathId;
use crate::problem::Problem;
use crate::server::Server;

const SANDBOX: HeaderValue = HeaderValue::from_static(
    "sandbox; default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);
/// A signed URL always returns the same bytes.
const IMMUTABLE: HeaderValue = HeaderValue::from_static("private, max-age=3600, immutable");
/// Raster image types, which cannot contain scripts.
const INLINE_TYPES: [&str; 6] = ["image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp", "image/avif"];
const OCTET_STREAM: &str = "application/octet-stream";

/// The query parameters of a signed URL.
#[derive(Deserialize)]
pub struct SignatureParams {
    pub expires: i64,
    pub signature: String,
}

/// Streams a file or the requested range of it.
pub async fn send_file(
    State(server): State<Server>,
    PathId(object): PathId<ObjectId>,
    query: Result<Query<SignatureParams>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let Query(SignatureParams { expires, signature }) = query.map_err(|_| invalid_signature())?;
    let file =
        server.tracker.download(&SignedUrl { action: SignedAction::Download, object, expires, signature }).await?;
    let tag = entity_tag(&file.sha256);
    if header_equals(&headers, IF_NONE_MATCH, &tag) {
        return Ok((StatusCode::NOT_MODIFIED, [(ETAG, tag), (CACHE_CONTROL, IMMUTABLE)]).into_response());
    }
    let range_header = headers.get(RANGE).and_then(|range| range.to_str().ok());
    let same_version = !headers.contains_key(IF_RANGE) || header_equals(&headers, IF_RANGE, &tag);
    let (status, range) = match parse_range(range_header.filter(|_| same_version), file.size) {
        RequestedRange::Whole => (StatusCode::OK, 0..file.size),
        RequestedRange::Bytes(range) => (StatusCode::PARTIAL_CONTENT, range),
        RequestedRange::Unsatisfiable => return Ok(unsatisfiable_range(file.size)),
    };
    let bytes = server.tracker.stream_download(&file, range.clone()).await?;
    let mut response = Response::new(Body::from_stream(bytes));
    *response.status_mut() = status;
    let out = response.headers_mut();
    out.insert(CONTENT_LENGTH, (range.end - range.start).into());
    if status == StatusCode::PARTIAL_CONTENT {
        let sent = format!("bytes {}-{}/{}", range.start, range.end - 1, file.size);
        out.insert(CONTENT_RANGE, HeaderValue::try_from(sent).unwrap_or(HeaderValue::from_static("bytes */*")));
    }
    insert_file_headers(out, &file);
    out.insert(ETAG, tag);
    Ok(response)
}

/// Returns the error for a missing or malformed signature.
pub fn invalid_signature() -> Problem {
    Problem::new(StatusCode::FORBIDDEN, "not_signed", "This URL has no valid signature. Request a new URL.")
}

fn insert_file_headers(headers: &mut HeaderMap, file: &Download) {
    let content_type = file.content_type.as_ref().map_or(OCTET_STREAM, MediaType::as_str).to_ascii_lowercase();
    let inline = INLINE_TYPES.contains(&content_type.as_str());
    let disposition = if inline { Disposition::Inline } else { Disposition::Attachment };
    headers.insert(CONTENT_TYPE, HeaderValue::try_from(content_type).unwrap_or(HeaderValue::from_static(OCTET_STREAM)));
    headers.insert(CONTENT_DISPOSITION, content_disposition(disposition, &file.filename));
    headers.insert(CONTENT_SECURITY_POLICY, SANDBOX);
    headers.insert(CACHE_CONTROL, IMMUTABLE);
    headers.insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
}

/// How a browser handles a file.
#[derive(Clone, Copy)]
pub enum Disposition {
    /// The browser shows the file.
    Inline,
    /// The browser saves the file.
    Attachment,
}

/// Returns a `Content-Disposition` value with the file name (RFC 6266, RFC 8187): ASCII letters and digits and `-._~` are
/// written as they are, every other byte of the UTF-8 name as `%XX`.
pub fn content_disposition(disposition: Disposition, name: &FileName) -> HeaderValue {
    let mut text = String::from(match disposition {
        Disposition::Inline => "inline",
        Disposition::Attachment => "attachment",
    });
    text.push_str("; filename*=UTF-8''");
    for byte in name.as_str().bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            let _ = write!(text, "%{byte:02X}");
        }
    }
    HeaderValue::try_from(text).unwrap_or(HeaderValue::from_static("attachment"))
}

fn unsatisfiable_range(size: u64) -> Response {
    let problem = Problem::new(
        StatusCode::RANGE_NOT_SATISFIABLE,
        "no_such_range",
        format!("The requested range is outside the file, which has {size} bytes."),
    );
    let mut response = problem.into_response();
    if let Ok(size) = HeaderValue::try_from(format!("bytes */{size}")) {
        response.headers_mut().insert(CONTENT_RANGE, size);
    }
    response
}

/// Returns the entity tag of a file: the hash of its content.
fn entity_tag(sha256: &[u8]) -> HeaderValue {
    let mut text = String::from("\"");
    for byte in sha256 {
        let _ = write!(text, "{byte:02x}");
    }
    text.push('"');
    HeaderValue::try_from(text).unwrap_or(HeaderValue::from_static("\"\""))
}

fn header_equals(headers: &HeaderMap, name: http::HeaderName, tag: &HeaderValue) -> bool {
    headers.get(name).is_some_and(|value| value == tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodes_all_file_names_in_content_disposition() {
        let check = |disposition, name, expected: &str| {
            assert_eq!(content_disposition(disposition, &FileName::parse(name).unwrap()), expected);
        };
        check(Disposition::Inline, "cat-1.png", "inline; filename*=UTF-8''cat-1.png");
        check(Disposition::Attachment, "..a b\".html", "attachment; filename*=UTF-8''..a%20b%22.html");
        check(Disposition::Attachment, "é\u{1f4a5}", "attachment; filename*=UTF-8''%C3%A9%F0%9F%92%A5");
    }
}
