//! Limits of Markdown that keep rendering it fast.
//!
//! The time of parsers grows with the square of the nesting: each line of a text is compared with all containers that are open,
//! and the sanitizer of HTML looks through all open elements at each tag. Without limits, 20,000 `>` take seconds.

use std::{borrow::Cow, fmt};

use pulldown_cmark::Event;

/// Maximum length of Markdown that is rendered, in bytes. Three times the longest description in Latin script.
pub(super) const MAX_SOURCE_BYTES: usize = 128 << 10;
/// Maximum length of the HTML before it is sanitized, in bytes. Rows of a table are filled up with cells to its width, so short
/// Markdown may be long HTML.
pub(super) const MAX_HTML_BYTES: usize = 512 << 10;
/// Maximum number of ampersands in the HTML. The sanitizer's time grows with their square.
const MAX_AMPERSANDS: usize = 8 << 10;
/// Maximum number of block quotes and lists that begin or continue on one line.
const MAX_CONTAINERS: usize = 16;
/// Maximum number of nested elements. A list is two: the list and its item.
const MAX_ELEMENTS: usize = 48;

/// Returns the beginning of a text that is short enough, if possible whole lines, and whether that is all of it.
pub(super) fn truncate(text: &str) -> (&str, bool) {
    if text.len() <= MAX_SOURCE_BYTES {
        return (text, true);
    }
    let cut = &text[..text.floor_char_boundary(MAX_SOURCE_BYTES)];
    (cut.rsplit_once('\n').map_or(cut, |(lines, _)| lines), false)
}

/// Returns the text with a backslash before the markers of block quotes and lists that are nested too deeply in a line, which
/// makes them text.
pub(super) fn limit_containers(text: &str) -> Cow<'_, str> {
    if !text.split('\n').any(|line| excess_marker(line).is_some()) {
        return Cow::Borrowed(text);
    }
    let mut limited = String::with_capacity(text.len() + 1024);
    for line in text.split_inclusive('\n') {
        match excess_marker(line) {
            Some(position) => {
                limited.push_str(&line[..position]);
                limited.push('\\');
                limited.push_str(&line[position..]);
            }
            None => limited.push_str(line),
        }
    }
    Cow::Owned(limited)
}

/// Returns the position in a line at which a backslash makes the first marker beyond [`MAX_CONTAINERS`] text, or `None` if there
/// are not as many.
fn excess_marker(line: &str) -> Option<usize> {
    let bytes = line.as_bytes();
    let is_space = |index: usize| bytes.get(index).is_none_or(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n'));
    let (mut index, mut containers) = (0, 0);
    loop {
        index += bytes[index..].iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        let digits = bytes[index..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let punctuation = index + digits;
        let is_marker = match bytes.get(punctuation)? {
            b'>' => digits == 0,
            b'-' | b'+' | b'*' => digits == 0 && is_space(punctuation + 1) && !is_rule(&bytes[index..]),
            b'.' | b')' => (1..=9).contains(&digits) && is_space(punctuation + 1),
            _ => false,
        };
        if !is_marker {
            return None;
        }
        containers += 1;
        if containers > MAX_CONTAINERS {
            return Some(punctuation);
        }
        index = punctuation + 1;
    }
}

/// Returns whether the rest of a line is a thematic break such as `* * *`, which is not a list.
fn is_rule(rest: &[u8]) -> bool {
    let marks = rest.iter().filter(|byte| **byte == rest[0]).count();
    rest[0] != b'+'
        && marks >= 3
        && rest.iter().all(|byte| *byte == rest[0] || matches!(byte, b' ' | b'\t' | b'\r' | b'\n'))
}

/// Returns the events without the beginnings and ends of elements that are nested too deeply. Their text stays.
pub(super) fn limit_elements<'t>(events: impl Iterator<Item = Event<'t>>) -> impl Iterator<Item = Event<'t>> {
    let mut open = 0_usize;
    events.filter(move |event| match event {
        Event::Start(_) => {
            open += 1;
            open <= MAX_ELEMENTS
        }
        Event::End(_) => {
            open = open.saturating_sub(1);
            open < MAX_ELEMENTS
        }
        _ => true,
    })
}

/// HTML of at most [`MAX_HTML_BYTES`] with at most [`MAX_AMPERSANDS`]. Writing more fails.
#[derive(Debug, Default)]
pub(super) struct BoundedHtml {
    pub(super) html: String,
    ampersands: usize,
}

impl fmt::Write for BoundedHtml {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        // The renderer writes each escaped character separately.
        self.ampersands += usize::from(text == "&amp;");
        if self.html.len() + text.len() > MAX_HTML_BYTES || self.ampersands > MAX_AMPERSANDS {
            return Err(fmt::Error);
        }
        self.html.push_str(text);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markers_beyond_the_limit_become_text() {
        fn check(line: &str, expected: Option<&str>) {
            let position = excess_marker(line);
            assert_eq!(position.map(|position| &line[position..]), expected, "{line}");
        }
        check("", None);
        check("text > text", None);
        check(&"> ".repeat(16), None);
        check(&">".repeat(18), Some(">>"));
        check(&"- ".repeat(20), None); // a thematic break
        check(&("* ".repeat(20) + "a"), Some("* * * * a"));
        check(&("- ".repeat(16) + "-a"), None);
        check(&("\t- ".repeat(16) + "text"), None);
        check(&("+ > 1. 12) ".repeat(4) + "23. a\n"), Some(". a\n"));
        check(&("> ".repeat(16) + "1234567890. a"), None);
        check(&("> ".repeat(16) + "-"), Some("-"));
        let deep = format!("a\n{}\nb\n", ">".repeat(20_000));
        assert_eq!(limit_containers(&deep), format!("a\n{}\\{}\nb\n", ">".repeat(16), ">".repeat(19_984)));
        assert!(matches!(limit_containers("> a\n> - b\n"), Cow::Borrowed(_)));
    }

    #[test]
    fn long_texts_are_cut_after_a_line() {
        assert_eq!(truncate("a\nb"), ("a\nb", true));
        let lines = "aé\n".repeat(100_000);
        let (beginning, complete) = truncate(&lines);
        assert!(!complete && beginning.ends_with("aé") && beginning.len() > MAX_SOURCE_BYTES - 8);
        assert_eq!(truncate(&"é".repeat(100_000)).0.len(), MAX_SOURCE_BYTES);
    }
}
