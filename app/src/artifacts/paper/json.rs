//! JSON, laid out.
//!
//! Its tokens stay as they are written: reading and writing them again would round large numbers and drop fields that are
//! there twice.

use serde::de::IgnoredAny;

use super::{Sheet, text};

/// Lists and objects without others in them stay on their line up to this many bytes.
const SHORT: usize = 80;
/// Laying out stops here: something deeply nested grows with each line.
const MOST: usize = 2 << 20;

/// JSON with a line for each field; what is none, or only a beginning, as it is.
pub(super) fn sheet(source: &str, whole: bool) -> Sheet {
    if !whole {
        return Sheet { html: text::html(source), ..Sheet::default() };
    }
    match serde_json::from_str::<IgnoredAny>(source) {
        Ok(_) => {
            let (laid_out, all) = lay_out(source);
            let note = if all { "" } else { "Too deeply nested to be shown whole." };
            Sheet { html: text::html(&laid_out), note: note.to_owned(), ..Sheet::default() }
        }
        Err(error) => {
            let note = format!("This is no valid JSON ({error}); it is shown as it is.");
            Sheet { html: text::html(source), note, ..Sheet::default() }
        }
    }
}

/// Lays out valid JSON; whether that is all of it.
fn lay_out(source: &str) -> (String, bool) {
    let mut out = String::with_capacity(source.len() * 2);
    let mut depth = 0_usize;
    let mut rest = source.trim_start();
    while let Some(first) = rest.chars().next() {
        if out.len() > MOST {
            return (out, false);
        }
        let length = match first {
            '{' | '[' => match flat(rest) {
                Some(length) => {
                    squeeze(&rest[..length], &mut out);
                    length
                }
                None => {
                    out.push(first);
                    depth += 1;
                    new_line(&mut out, depth);
                    1
                }
            },
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                new_line(&mut out, depth);
                out.push(first);
                1
            }
            ',' => {
                out.push(first);
                new_line(&mut out, depth);
                1
            }
            ':' => {
                out.push_str(": ");
                1
            }
            _ => {
                let length = token(rest);
                out.push_str(&rest[..length]);
                length
            }
        };
        rest = rest[length..].trim_start();
    }
    (out, true)
}

fn new_line(out: &mut String, depth: usize) {
    out.push('\n');
    out.extend(std::iter::repeat_n("  ", depth));
}

/// The length of the string, number or word that this begins with.
fn token(text: &str) -> usize {
    let bytes = text.as_bytes();
    if bytes[0] != b'"' {
        return bytes.iter().position(|byte| b",:]} \n\r\t".contains(byte)).unwrap_or(bytes.len()).max(1);
    }
    let mut place = 1;
    while place < bytes.len() && bytes[place] != b'"' {
        place += if bytes[place] == b'\\' { 2 } else { 1 };
    }
    (place + 1).min(bytes.len())
}

/// The length of the list or object that this begins with, when it is short and has none inside.
fn flat(text: &str) -> Option<usize> {
    let mut place = 1;
    while place < text.len() && place <= SHORT {
        match text.as_bytes()[place] {
            b'}' | b']' => return Some(place + 1),
            b'{' | b'[' => return None,
            b',' | b':' | b' ' | b'\n' | b'\r' | b'\t' => place += 1,
            _ => place += token(&text[place..]),
        }
    }
    None
}

/// Writes a flat list or object on one line.
fn squeeze(text: &str, out: &mut String) {
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
                let length = token(rest);
                out.push_str(&rest[..length]);
                length
            }
        };
        rest = &rest[length..];
    }
}

#[cfg(test)]
mod tests {
    use super::lay_out;

    #[test]
    fn a_line_for_each_field() {
        fn check(source: &str, expected: &str) {
            assert_eq!(lay_out(source).0, expected);
        }
        check("[1,2, 3]", "[1, 2, 3]");
        check("{}", "{}");
        check(r#"{"a":{"b":[1,2]},"c":"x,]\"y"}"#, "{\n  \"a\": {\n    \"b\": [1, 2]\n  },\n  \"c\": \"x,]\\\"y\"\n}");
        check("12345678901234567890123", "12345678901234567890123");
        check(r#"{"a":1,"a":2}"#, r#"{"a": 1, "a": 2}"#);
        check("\"é\"", "\"é\"");
    }

    #[test]
    fn what_is_nested_deeply_is_cut() {
        let deep = format!("{}{}{}", "[".repeat(120), vec!["[[]]"; 60_000].join(","), "]".repeat(120));
        let (out, all) = lay_out(&deep);
        assert!(!all && out.len() < 3 << 20);
    }
}
