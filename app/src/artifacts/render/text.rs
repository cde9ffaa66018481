//! Decodes text of common encodings and converts it to HTML.

use std::borrow::Cow;

/// The highest share of unreadable characters in a text, in percent.
const MAX_UNREADABLE_PERCENT: usize = 10;

/// Decodes bytes to text, or returns `None` for binary data.
///
/// Decodes UTF-8, and UTF-16 with a byte order mark. Invalid sequences become `�`. A character that is cut off at the end is
/// dropped, unless the bytes are `complete`.
pub(super) fn decode_text(bytes: &[u8], complete: bool) -> Option<Cow<'_, str>> {
    let text = match bytes {
        [0xff, 0xfe, rest @ ..] => Cow::Owned(decode_utf_16(rest, u16::from_le_bytes)),
        [0xfe, 0xff, rest @ ..] => Cow::Owned(decode_utf_16(rest, u16::from_be_bytes)),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(without_cut_character(rest, complete)),
        _ if bytes.contains(&0) => return None,
        _ => String::from_utf8_lossy(without_cut_character(bytes, complete)),
    };
    let (mut total, mut unreadable) = (0, 0);
    for c in text.chars() {
        total += 1;
        // Escape starts the color codes of a terminal.
        let control = c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{c}' | '\u{8}' | '\u{1b}');
        unreadable += usize::from(control || c == char::REPLACEMENT_CHARACTER);
    }
    (unreadable * 100 <= total * MAX_UNREADABLE_PERCENT).then_some(text)
}

fn decode_utf_16(bytes: &[u8], to_unit: fn([u8; 2]) -> u16) -> String {
    let units = bytes.chunks_exact(2).map(|pair| to_unit([pair[0], pair[1]]));
    char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

/// Removes an incomplete character from the end, unless the bytes are `complete`.
fn without_cut_character(bytes: &[u8], complete: bool) -> &[u8] {
    let last = bytes.utf8_chunks().last();
    // `error_len` is `None` for a sequence that more bytes could complete.
    let cut = last
        .map(|chunk| chunk.invalid())
        .filter(|invalid| !complete && std::str::from_utf8(invalid).is_err_and(|error| error.error_len().is_none()));
    &bytes[..bytes.len() - cut.map_or(0, <[u8]>::len)]
}

/// Returns a text as preformatted HTML. Keeps all characters and line breaks.
pub(crate) fn preformatted_html(text: &str) -> String {
    let mut html = String::with_capacity(text.len() + text.len() / 8 + 64);
    // HTML ignores a line break right after `<pre>`, so `<code>` comes first.
    html.push_str("<pre class=\"file-text\"><code>");
    escape_html(text, &mut html);
    html.push_str("</code></pre>");
    html
}

/// Appends a text to HTML, escaped for use as text or as an attribute's value.
pub(super) fn escape_html(text: &str, into: &mut String) {
    for c in text.chars() {
        match c {
            '&' => into.push_str("&amp;"),
            '<' => into.push_str("&lt;"),
            '>' => into.push_str("&gt;"),
            '"' => into.push_str("&quot;"),
            c => into.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::decode_text;

    #[test]
    fn decodes_text_and_rejects_binary_data() {
        fn check(bytes: &[u8], complete: bool, expected: Option<&str>) {
            assert_eq!(decode_text(bytes, complete).as_deref(), expected, "{bytes:?}");
        }
        check("grün".as_bytes(), true, Some("grün"));
        check(b"\xef\xbb\xbfa", true, Some("a"));
        check(b"\xff\xfea\x00b\x00", true, Some("ab"));
        check(b"\xfe\xff\x00a", true, Some("a"));
        check(b"0123456789 gr\xfcn", true, Some("0123456789 gr\u{fffd}n"));
        check(b"abc\xc3", false, Some("abc"));
        check(b"0123456789abc\xc3", true, Some("0123456789abc\u{fffd}"));
        check(b"a\0b", true, None);
        check(&[0x80; 40], true, None);
        check(b"\x1b[32mok\x1b[0m\r\n", true, Some("\x1b[32mok\x1b[0m\r\n"));
    }
}
