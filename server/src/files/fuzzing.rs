//! Properties of the headers and addresses of downloads.

use axum::extract::Query;
use domain::ids::ObjectId;
use http::Uri;
use tracker::{SignedAction, SignedUrl};

use super::download::SignatureParams;
use super::range::{RequestedRange, parse_range};

/// Checks the parsing of a download's `Range` header and address.
///
/// The first line has the size of the file, the second one the header, the third one the query of the address.
pub fn check_download_request(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    let mut lines = text.split('\n');
    let mut line = || lines.next().unwrap_or_default();
    let (size, header, query) = (line().parse().unwrap_or(u64::MAX), line(), line());
    let range = parse_range(Some(header), size);
    assert_eq!(range, range_by_parts(header, size), "{header:?} of {size}");
    assert_eq!(parse_range(None, size), RequestedRange::Whole);
    if let RequestedRange::Bytes(range) = range {
        assert!(range.start < range.end && range.end <= size);
        let again = format!("bytes={}-{}", range.start, range.end - 1);
        assert_eq!(parse_range(Some(&again), size), RequestedRange::Bytes(range));
    }
    check_address(query);
}

/// Parses a range as [`parse_range`] does, with numbers that do not overflow.
fn range_by_parts(header: &str, size: u64) -> RequestedRange {
    let parts: Option<Vec<&str>> = header.strip_prefix("bytes=").map(|range| range.split('-').collect());
    let Some([first, last]) = parts.as_deref() else { return RequestedRange::Whole };
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let number = |text: &str| text.parse::<u128>().ok().filter(|number| *number <= u128::from(u64::MAX));
    let end = u128::from(size);
    let (start, end) = match (number(first), number(last)) {
        _ if [first, last].iter().any(|part| !part.is_empty() && !is_number(part)) => return RequestedRange::Whole,
        (Some(start), Some(last)) if start <= last => (start, end.min(last + 1)),
        (Some(start), None) if last.is_empty() => (start, end),
        (None, Some(length)) if first.is_empty() => (end.saturating_sub(length), end),
        _ => return RequestedRange::Whole,
    };
    match (u64::try_from(start), u64::try_from(end)) {
        (Ok(start), Ok(end)) if start < end => RequestedRange::Bytes(start..end),
        _ => RequestedRange::Unsatisfiable,
    }
}

/// Checks that the query of an address is read as it was written.
fn check_address(query: &str) {
    let parse = |address: &str| Query::<SignatureParams>::try_from_uri(&Uri::try_from(address).ok()?).ok();
    let object = ObjectId(uuid::Uuid::nil());
    let Some(Query(SignatureParams { expires, signature })) = parse(&format!("/files/{object}?{query}")) else {
        return;
    };
    // Signatures consist of hexadecimal digits, which are not escaped.
    if signature.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        let url = SignedUrl { action: SignedAction::Download, object, expires, signature };
        let again = parse(&url.download_path());
        assert!(again.is_some_and(|Query(again)| (again.expires, again.signature) == (url.expires, url.signature)));
    }
}
