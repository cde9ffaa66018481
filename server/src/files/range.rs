//! The part of a file that a request asks for.

use std::ops::Range;

/// What a `Range` header means for a file of that many bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// All of it: there is no header, or one that may be ignored (several ranges, other units).
    Whole,
    /// These bytes.
    Some(Range<u64>),
    /// None that are there.
    Nothing,
}

/// Reads `bytes=first-last`, `bytes=first-` or `bytes=-length`.
pub fn part(header: Option<&str>, size: u64) -> Part {
    let Some((first, last)) = header.and_then(|text| text.strip_prefix("bytes=")).and_then(|text| text.split_once('-'))
    else {
        return Part::Whole;
    };
    let number =
        |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse::<u64>().ok()).flatten();
    let range = match (number(first), number(last)) {
        (Some(first), Some(last)) if first <= last => first..last.saturating_add(1).min(size),
        (Some(first), None) if last.is_empty() => first..size,
        (None, Some(length)) if first.is_empty() => size.saturating_sub(length)..size,
        _ => return Part::Whole,
    };
    if range.is_empty() { Part::Nothing } else { Part::Some(range) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges() {
        let check = |header, size, expected| assert_eq!(part(header, size), expected, "{header:?} of {size}");
        check(None, 10, Part::Whole);
        check(Some("bytes=0-0"), 10, Part::Some(0..1));
        check(Some("bytes=2-4"), 10, Part::Some(2..5));
        check(Some("bytes=2-"), 10, Part::Some(2..10));
        check(Some("bytes=-3"), 10, Part::Some(7..10));
        check(Some("bytes=-30"), 10, Part::Some(0..10));
        check(Some("bytes=2-99999999999999999999"), 10, Part::Whole);
        check(Some("bytes=2-18446744073709551615"), 10, Part::Some(2..10));
        check(Some("bytes=10-"), 10, Part::Nothing);
        check(Some("bytes=-0"), 10, Part::Nothing);
        check(Some("bytes=0-"), 0, Part::Nothing);
        check(Some("bytes=4-2"), 10, Part::Whole);
        check(Some("bytes=0-1,3-4"), 10, Part::Whole);
        check(Some("bytes=+1-2"), 10, Part::Whole);
        check(Some("bytes=-"), 10, Part::Whole);
        check(Some("lines=1-2"), 10, Part::Whole);
    }
}
