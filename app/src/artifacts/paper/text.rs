//! Text of any encoding that is likely, made into HTML.

use std::borrow::Cow;

/// How many of a hundred characters may be unreadable in something that still is a text.
const UNREADABLE: usize = 10;

/// The text that bytes are; what cannot be read in it becomes `�`. None when it is no text. UTF-8, and UTF-16 where the bytes
/// say so. A character that the end cuts through is left out, unless the bytes are `whole`.
pub(super) fn decode(bytes: &[u8], whole: bool) -> Option<Cow<'_, str>> {
    let text = match bytes {
        [0xff, 0xfe, rest @ ..] => Cow::Owned(utf_16(rest, u16::from_le_bytes)),
        [0xfe, 0xff, rest @ ..] => Cow::Owned(utf_16(rest, u16::from_be_bytes)),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(uncut(rest, whole)),
        _ if bytes.contains(&0) => return None,
        _ => String::from_utf8_lossy(uncut(bytes, whole)),
    };
    let (mut all, mut unreadable) = (0, 0);
    for c in text.chars() {
        all += 1;
        // Escape begins the colours of a terminal.
        let control = c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{c}' | '\u{8}' | '\u{1b}');
        unreadable += usize::from(control || c == char::REPLACEMENT_CHARACTER);
    }
    (unreadable * 100 <= all * UNREADABLE).then_some(text)
}

fn utf_16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

fn uncut(bytes: &[u8], whole: bool) -> &[u8] {
    let last = bytes.utf8_chunks().last();
    // Only an end that could go on is no error.
    let cut = last
        .map(|chunk| chunk.invalid())
        .filter(|invalid| !whole && std::str::from_utf8(invalid).is_err_and(|error| error.error_len().is_none()));
    &bytes[..bytes.len() - cut.map_or(0, <[u8]>::len)]
}

/// A text as it is, each character and line end kept.
pub(super) fn html(text: &str) -> String {
    let mut html = String::with_capacity(text.len() + text.len() / 8 + 64);
    // HTML drops one line end right after `<pre>`.
    html.push_str("<pre class=\"paper-text\"><code>");
    escape(text, &mut html);
    html.push_str("</code></pre>");
    html
}

/// Writes a text into HTML, as text or as the value of an attribute.
pub(super) fn escape(text: &str, into: &mut String) {
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
    use super::decode;

    #[test]
    fn texts_are_read() {
        fn check(bytes: &[u8], whole: bool, expected: Option<&str>) {
            assert_eq!(decode(bytes, whole).as_deref(), expected, "{bytes:?}");
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
