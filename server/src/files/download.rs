//! `GET /files/{id}?expires=…&signature=…`: an uploaded file.
//!
//! It may hold anything, so whatever shows it must not run it: it is sandboxed, its type is not guessed, and unless it is
//! a picture made of pixels it is offered for saving only.

use std::fmt::Write as _;

use axum::body::Body;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::{IntoResponse as _, Response};
use domain::files::FileName;
use domain::ids::ObjectId;
use http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_SECURITY_POLICY,
    CONTENT_TYPE, ETAG, IF_NONE_MATCH, IF_RANGE, RANGE,
};
use http::{HeaderMap, HeaderValue, StatusCode};
use serde::Deserialize;
use tracker::{Download, SignedAction, SignedUrl};

use super::range::{Part, part};
use crate::api::request::PathId;
use crate::problem::Problem;
use crate::server::Server;

const SANDBOX: HeaderValue = HeaderValue::from_static(
    "sandbox; default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);
/// An address means the same bytes as long as it works.
const KEEP: HeaderValue = HeaderValue::from_static("private, max-age=3600, immutable");
/// Pictures that are pixels and nothing else.
const SHOWN: [&str; 6] = ["image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp", "image/avif"];
const BYTES: &str = "application/octet-stream";

/// What makes an address a signed one.
#[derive(Deserialize)]
pub struct Signed {
    pub expires: i64,
    pub signature: String,
}

/// Gives a file, or the part of it that is asked for.
pub async fn download(
    State(server): State<Server>,
    PathId(object): PathId<ObjectId>,
    signed: Result<Query<Signed>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let Query(Signed { expires, signature }) = signed.map_err(|_| not_signed())?;
    let file = server.tracker.download(&SignedUrl { deed: SignedAction::Download, object, expires, signature }).await?;
    let tag = tag(&file.sha256);
    if is(&headers, IF_NONE_MATCH, &tag) {
        return Ok((StatusCode::NOT_MODIFIED, [(ETAG, tag), (CACHE_CONTROL, KEEP)]).into_response());
    }
    let wanted = headers.get(RANGE).and_then(|range| range.to_str().ok());
    let current = !headers.contains_key(IF_RANGE) || is(&headers, IF_RANGE, &tag);
    let (status, range) = match part(wanted.filter(|_| current), file.size) {
        Part::Whole => (StatusCode::OK, 0..file.size),
        Part::Some(range) => (StatusCode::PARTIAL_CONTENT, range),
        Part::Nothing => return Ok(nothing(file.size)),
    };
    let bytes = server.tracker.bytes_of(&file, range.clone()).await?;
    let mut response = Response::new(Body::from_stream(bytes));
    *response.status_mut() = status;
    let out = response.headers_mut();
    out.insert(CONTENT_LENGTH, (range.end - range.start).into());
    if status == StatusCode::PARTIAL_CONTENT {
        let sent = format!("bytes {}-{}/{}", range.start, range.end - 1, file.size);
        out.insert(CONTENT_RANGE, HeaderValue::try_from(sent).unwrap_or(HeaderValue::from_static("bytes */*")));
    }
    describe(out, &file);
    out.insert(ETAG, tag);
    Ok(response)
}

/// The address is not what was signed.
pub fn not_signed() -> Problem {
    Problem::new(StatusCode::FORBIDDEN, "not_signed", "This address lacks its signature; ask for it anew.")
}

fn describe(headers: &mut HeaderMap, file: &Download) {
    let kind = file.content_type.as_deref().unwrap_or(BYTES).trim().to_ascii_lowercase();
    let shown = SHOWN.contains(&kind.as_str());
    headers.insert(CONTENT_TYPE, HeaderValue::try_from(kind).unwrap_or(HeaderValue::from_static(BYTES)));
    headers.insert(CONTENT_DISPOSITION, disposition(shown, &file.filename));
    headers.insert(CONTENT_SECURITY_POLICY, SANDBOX);
    headers.insert(CACHE_CONTROL, KEEP);
    headers.insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
}

/// Under what name to save, written so that every name can be (RFC 6266): letters, digits and few others as they are,
/// every other byte of its UTF-8 as `%XX`.
pub fn disposition(shown: bool, name: &FileName) -> HeaderValue {
    let mut text = String::from(if shown { "inline" } else { "attachment" });
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

fn nothing(size: u64) -> Response {
    let problem = Problem::new(
        StatusCode::RANGE_NOT_SATISFIABLE,
        "no_such_range",
        format!("The file has {size} bytes; none of them are in that range."),
    );
    let mut response = problem.into_response();
    if let Ok(size) = HeaderValue::try_from(format!("bytes */{size}")) {
        response.headers_mut().insert(CONTENT_RANGE, size);
    }
    response
}

/// The bytes' hash is what changes when they do.
fn tag(sha256: &[u8]) -> HeaderValue {
    let mut text = String::from("\"");
    for byte in sha256 {
        let _ = write!(text, "{byte:02x}");
    }
    text.push('"');
    HeaderValue::try_from(text).unwrap_or(HeaderValue::from_static("\"\""))
}

fn is(headers: &HeaderMap, name: http::HeaderName, tag: &HeaderValue) -> bool {
    headers.get(name).is_some_and(|value| value == tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_can_be_saved_under() {
        let check = |shown, name, expected: &str| {
            assert_eq!(disposition(shown, &FileName::parse(name).unwrap()), expected);
        };
        check(true, "cat-1.png", "inline; filename*=UTF-8''cat-1.png");
        check(false, "..a b\".html", "attachment; filename*=UTF-8''..a%20b%22.html");
        check(false, "é\u{1f4a5}", "attachment; filename*=UTF-8''%C3%A9%F0%9F%92%A5");
    }
}
