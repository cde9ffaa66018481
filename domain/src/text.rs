//! Text that people and scripts give: names and descriptions, parsed once at the edge.
//!
//! Both engines must keep and compare the same bytes, so text is put into Unicode's NFC form,
//! and characters that one of them cannot keep, or that hide what is written, are refused.

use serde::{Deserialize, Serialize};

/// Why a text was refused; the sentence is meant for the person who typed it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Nothing is left once the spaces around it are gone.
    #[error("{what} must not be empty")]
    Empty {
        /// What the text is: "the name".
        what: &'static str,
    },
    /// More characters than fit.
    #[error("{what} has {length} characters; at most {limit} fit")]
    TooLong {
        /// What the text is: "the name".
        what: &'static str,
        /// Characters (Unicode scalar values) after trimming.
        length: usize,
        /// The most that fit.
        limit: usize,
    },
    /// A control character, or one that reorders the text around it.
    #[error("{what} contains an invisible control character (U+{code:04X}); remove it")]
    Control {
        /// What the text is: "the name".
        what: &'static str,
        /// The character's code point.
        code: u32,
    },
    /// A path where a name is asked for.
    #[error("{what} is a path; give the last part of it alone, without / or \\ or a drive")]
    Path {
        /// What the text is: "the name of the file".
        what: &'static str,
    },
}

/// The name of a project, an experiment, a person or an organization: 1–60 characters on one line,
/// trimmed, NFC. Names that look the same compare as the same.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Name(String);

impl Name {
    /// The most characters a name has.
    pub const LIMIT: usize = 60;

    /// Takes a name as typed.
    ///
    /// # Errors
    /// [`TextError`] when it is empty after trimming, too long, or has control characters.
    pub fn parse(text: &str) -> Result<Self, TextError> {
        line("the name", text, Self::LIMIT).map(Self)
    }

    /// The name's text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Markdown that describes something: at most 20,000 characters, may be empty, line ends as `\n`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Description(String);

impl Description {
    /// The most characters a description has.
    pub const LIMIT: usize = 20_000;

    /// Takes a description as typed.
    ///
    /// # Errors
    /// [`TextError`] when it is too long or has control characters other than tab and line end.
    pub fn parse(text: &str) -> Result<Self, TextError> {
        let what = "the description";
        let text = composed(text.replace("\r\n", "\n").trim());
        if let Some(c) = text.chars().find(|c| hides(*c) && *c != '\n' && *c != '\t') {
            return Err(TextError::Control { what, code: c.into() });
        }
        within(what, text, Self::LIMIT).map(Self)
    }

    /// The description's Markdown.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Parses one line of text of 1 to `limit` characters; `what` begins the sentences of its refusals.
pub(crate) fn line(what: &'static str, text: &str, limit: usize) -> Result<String, TextError> {
    let text = composed(text.trim());
    if text.is_empty() {
        return Err(TextError::Empty { what });
    }
    if let Some(c) = text.chars().find(|c| hides(*c)) {
        return Err(TextError::Control { what, code: c.into() });
    }
    within(what, text, limit)
}

/// The text in Unicode's NFC form.
#[cfg(not(target_family = "wasm"))]
fn composed(text: &str) -> String {
    unicode_normalization::UnicodeNormalization::nfc(text).collect()
}

/// The text in Unicode's NFC form. The browser has the tables for that; ours are a tenth of what a page loads.
#[cfg(target_family = "wasm")]
fn composed(text: &str) -> String {
    if text.is_ascii() { text.to_owned() } else { js_sys::JsString::from(text).normalize("NFC").into() }
}

/// The text in small letters.
#[cfg(not(target_family = "wasm"))]
pub(crate) fn lower_case(text: &str) -> String {
    text.to_lowercase()
}

/// The text in small letters, by the browser's tables too.
#[cfg(target_family = "wasm")]
pub(crate) fn lower_case(text: &str) -> String {
    js_sys::JsString::from(text).to_lower_case().into()
}

fn within(what: &'static str, text: String, limit: usize) -> Result<String, TextError> {
    let length = text.chars().count();
    if length > limit {
        return Err(TextError::TooLong { what, length, limit });
    }
    Ok(text)
}

/// Control characters, line separators, and the marks that override the direction of writing.
/// Zero-width joiners stay: several scripts and most emoji need them.
fn hides(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

macro_rules! text_conversions {
    ($($type:ident),+) => {$(
        impl TryFrom<String> for $type {
            type Error = TextError;
            fn try_from(text: String) -> Result<Self, TextError> {
                // What reaches the browser has come from the server, which parsed it; to parse it again would carry
                // Unicode's tables there.
                if cfg!(target_arch = "wasm32") { Ok(Self(text)) } else { Self::parse(&text) }
            }
        }
        impl From<$type> for String {
            fn from(text: $type) -> Self {
                text.0
            }
        }
        impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    )+};
}
text_conversions!(Name, Description);
pub(crate) use text_conversions;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        fn check(text: &str, expected: Result<&str, &str>) {
            let parsed = Name::parse(text).map_err(|e| e.to_string());
            assert_eq!(parsed.as_ref().map(Name::as_str).map_err(String::as_str), expected, "{text:?}");
        }
        check("yolo-640", Ok("yolo-640"));
        check("  road signs\t", Ok("road signs"));
        check("../../etc/passwd", Ok("../../etc/passwd")); // a name never becomes a path
        check("cafe\u{301}", Ok("caf\u{e9}"));
        check(&"é".repeat(60), Ok(&"é".repeat(60)));
        check(&"é".repeat(61), Err("the name has 61 characters; at most 60 fit"));
        check(" \n ", Err("the name must not be empty"));
        check("a\nb", Err("the name contains an invisible control character (U+000A); remove it"));
        check("a\0b", Err("the name contains an invisible control character (U+0000); remove it"));
        check("gpj\u{202e}exe", Err("the name contains an invisible control character (U+202E); remove it"));
    }

    #[test]
    fn descriptions() {
        fn check(text: &str, expected: Result<&str, &str>) {
            let parsed = Description::parse(text).map_err(|e| e.to_string());
            assert_eq!(parsed.as_ref().map(Description::as_str).map_err(String::as_str), expected, "{text:?}");
        }
        check("", Ok(""));
        check("# Why\r\n\tlarger *input*\r\n", Ok("# Why\n\tlarger *input*"));
        check("a\u{7}", Err("the description contains an invisible control character (U+0007); remove it"));
        let long = "x".repeat(20_001);
        check(&long, Err("the description has 20001 characters; at most 20000 fit"));
    }
}
