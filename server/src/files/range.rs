//! Parsing of the `Range` header.

use std::ops::Range;

/// The meaning of a `Range` header for a file of a given size.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RequestedRange {
    /// The whole file: there is no header, or one that may be ignored (several ranges, other units, malformed).
    Whole,
    /// A non-empty range of bytes.
    Bytes(Range<u64>),
    /// No byte of the range is in the file.
    Unsatisfiable,
}

/// Parses `bytes=first-last`, `bytes=first-` or `bytes=-length` for a file of `size` bytes.
pub fn parse_range(header: Option<&str>, size: u64) -> RequestedRange {
    let Some((first, last)) = header.and_then(|text| text.strip_prefix("bytes=")).and_then(|text| text.split_once('-'))
    else {
        return RequestedRange::Whole;
    };
    let number =
        |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse::<u64>().ok()).flatten();
    let range = match (number(first), number(last)) {
        (Some(first), Some(last)) if first <= last => first..last.saturating_add(1).min(size),
        (Some(first), None) if last.is_empty() => first..size,
        (None, Some(length)) if first.is_empty() => size.saturating_sub(length)..size,
        _ => return RequestedRange::Whole,
    };
    if range.is_empty() { RequestedRange::Unsatisfiable } else { RequestedRange::Bytes(range) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_single_ranges_and_ignores_others() {
        let check = |header, size, expected| assert_eq!(parse_range(header, size), expected, "{header:?} of {size}");
        check(None, 10, RequestedRange::Whole);
        check(Some("bytes=0-0"), 10, RequestedRange::Bytes(0..1));
        check(Some("bytes=2-4"), 10, RequestedRange::Bytes(2..5));
        check(Some("bytes=2-"), 10, RequestedRange::Bytes(2..10));
        check(Some("bytes=-3"), 10, RequestedRange::Bytes(7..10));
        check(Some("bytes=-30"), 10, RequestedRange::Bytes(0..10));
        check(Some("bytes=2-99999999999999999999"), 10, RequestedRange::Whole);
        check(Some("bytes=2-18446744073709551615"), 10, RequestedRange::Bytes(2..10));
        check(Some("bytes=10-"), 10, RequestedRange::Unsatisfiable);
        check(Some("bytes=-0"), 10, RequestedRange::Unsatisfiable);
        check(Some("bytes=0-"), 0, RequestedRange::Unsatisfiable);
        check(Some("bytes=4-2"), 10, RequestedRange::Whole);
        check(Some("bytes=0-1,3-4"), 10, RequestedRange::Whole);
        check(Some("bytes=+1-2"), 10, RequestedRange::Whole);
        check(Some("bytes=-"), 10, RequestedRange::Whole);
        check(Some("lines=1-2"), 10, RequestedRange::Whole);
    }
}
