//! Indented JSON.
//!
//! Tokens are copied as they are written: parsing and serializing them would round large numbers and drop duplicate fields.

use serde::de::IgnoredAny;

use super::{Rendered, html_only, text};

/// Arrays and objects without nested ones stay on one line up to this many bytes.
const MAX_LINE: usize = 80;
/// Indenting stops at this many bytes, because deep nesting makes each line longer.
const MAX_OUTPUT: usize = 1 << 20;

/// Renders JSON with one line per field. Invalid JSON, and JSON that is not `complete`, is shown unformatted.
pub(super) fn render_json(source: &str, complete: bool) -> Rendered {
    if !complete {
        return html_only(text::preformatted_html(source));
    }
    match serde_json::from_str::<IgnoredAny>(source) {
        Ok(_) => {
            let (indented, complete) = indent_json(source);
            let note = if complete { "" } else { "Too deeply nested to be shown completely." };
            Rendered { note: note.to_owned(), ..html_only(text::preformatted_html(&indented)) }
        }
        Err(error) => {
            let note = format!("This isn't valid JSON ({error}). It is shown unformatted.");
            Rendered { note, ..html_only(text::preformatted_html(source)) }
        }
    }
}

/// Indents valid JSON. Returns the text and whether it is complete.
fn indent_json(source: &str) -> (String, bool) {
    let mut out = String::with_capacity(source.len() * 2);
    let mut depth = 0_usize;
    let mut rest = source.trim_start();
    while let Some(first) = rest.chars().next() {
        if out.len() > MAX_OUTPUT {
            return (out, false);
        }
        let length = match first {
            '{' | '[' => match flat_length(rest) {
                Some(length) => {
                    push_flat(&rest[..length], &mut out);
                    length
                }
                None => {
                    out.push(first);
                    depth += 1;
                    push_new_line(&mut out, depth);
                    1
                }
            },
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                push_new_line(&mut out, depth);
                out.push(first);
                1
            }
            ',' => {
                out.push(first);
                push_new_line(&mut out, depth);
                1
            }
            ':' => {
                out.push_str(": ");
                1
            }
            _ => {
                let length = token_length(rest);
                out.push_str(&rest[..length]);
                length
            }
        };
        rest = rest[length..].trim_start();
    }
    (out, true)
}

fn push_new_line(out: &mut String, depth: usize) {
    out.push('\n');
    out.extend(std::iter::repeat_n("  ", depth));
}

/// Returns the length of the string, number or literal at the start of the text.
fn token_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    if bytes[0] != b'"' {
        return bytes.iter().position(|byte| b",:]} \n\r\t".contains(byte)).unwrap_or(bytes.len()).max(1);
    }
    let mut index = 1;
    while index < bytes.len() && bytes[index] != b'"' {
        index += if bytes[index] == b'\\' { 2 } else { 1 };
    }
    (index + 1).min(bytes.len())
}

/// Returns the length of the array or object at the start of the text, or `None` if it is long or contains others.
fn flat_length(text: &str) -> Option<usize> {
    let mut index = 1;
    while index < text.len() && index <= MAX_LINE {
        match text.as_bytes()[index] {
            b'}' | b']' => return Some(index + 1),
            b'{' | b'[' => return None,
            b',' | b':' | b' ' | b'\n' | b'\r' | b'\t' => index += 1,
            _ => index += token_length(&text[index..]),
        }
    }
    None
}

/// Appends an array or object without nested ones on one line.
fn push_flat(text: &str, out: &mut String) {
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            ' ' | '\n' | '\r' | '\t' => 1,
            ',' | ':' => {
                out.push(first);
                out.push(' ');
                1
            }
            '{' | '[' | '}' | ']' => {
                out.push(first);
                1
            }
            _ => {
                let length = token_length(rest);
                out.push_str(&rest[..length]);
                length
            }
        };
        rest = &rest[length..];
    }
}

#[cfg(test)]
mod tests {
    use super::indent_json;

    #[test]
    fn writes_one_line_per_field() {
        fn check(source: &str, expected: &str) {
            assert_eq!(indent_json(source).0, expected);
        }
        check("[1,2, 3]", "[1, 2, 3]");
        check("{}", "{}");
        check(r#"{"a":{"b":[1,2]},"c":"x,]\"y"}"#, "{\n  \"a\": {\n    \"b\": [1, 2]\n  },\n  \"c\": \"x,]\\\"y\"\n}");
        check("12345678901234567890123", "12345678901234567890123");
        check(r#"{"a":1,"a":2}"#, r#"{"a": 1, "a": 2}"#);
        check("\"é\"", "\"é\"");
    }

    #[test]
    fn truncates_deeply_nested_json() {
        let deep = format!("{}{}{}", "[".repeat(120), vec!["[[]]"; 60_000].join(","), "]".repeat(120));
        let (out, complete) = indent_json(&deep);
        assert!(!complete && out.len() < 2 << 20);
    }
}
