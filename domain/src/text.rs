//! Names and descriptions entered by people and scripts, parsed once at the boundary.
//!
//! Both database engines must store and compare the same bytes, so text is normalized to Unicode NFC. Characters that one
//! engine cannot store, or that hide or reorder text, are rejected. Every text that a request can write to the database is one
//! of the types here or in the modules of the resources.

use serde::Serialize;

use crate::format::thousands;

/// Why a text is invalid. The message is meant for the person who typed it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Empty after trimming.
    #[error("{subject} must not be empty")]
    Empty {
        /// What the text is, to begin the message: `the name`.
        subject: &'static str,
    },
    /// Longer than allowed.
    #[error(
        "{subject} has {} characters; the maximum is {}",
        thousands(*length as u64),
        thousands(*limit as u64)
    )]
    TooLong {
        /// What the text is, to begin the message: `the name`.
        subject: &'static str,
        /// Number of characters (Unicode scalar values) after trimming.
        length: usize,
        /// Maximum number of characters.
        limit: usize,
    },
    /// Contains a control character, or one that reorders the text around it.
    #[error("{subject} contains an invisible control character (U+{code:04X}); remove it")]
    Control {
        /// What the text is, to begin the message: `the name`.
        subject: &'static str,
        /// The character's code point.
        code: u32,
    },
    /// A path instead of a name.
    #[error("{subject} is a path; use only its last part, without /, \\ or a drive letter")]
    Path {
        /// What the text is, to begin the message: `the name of the file`.
        subject: &'static str,
    },
}

/// The name of a project, experiment, user or organization: 1–60 characters on one line, trimmed, in NFC.
///
/// Names that differ only in their Unicode composition compare equal.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(into = "String")]
pub struct Name(String);

impl Name {
    /// Maximum length in characters.
    pub const LIMIT: usize = 60;

    /// Parses a name, trimming it and normalizing it to NFC.
    ///
    /// # Errors
    /// Returns [`TextError`] if the name is empty after trimming, too long, or contains control characters.
    pub fn parse(text: &str) -> Result<Self, TextError> {
        parse_line("the name", text, Self::LIMIT).map(Self)
    }

    /// Returns a stored name unchanged. It was valid when it was stored, and the rules may have changed since.
    #[must_use]
    pub fn from_stored(text: String) -> Self {
        Self(text)
    }

    /// Returns the name in Unicode NFKC, which is the same for names that look alike, such as `yolo²` and `yolo2`.
    #[cfg(not(target_family = "wasm"))]
    #[must_use]
    pub fn to_nfkc(&self) -> String {
        unicode_normalization::UnicodeNormalization::nfkc(self.as_str()).collect()
    }

    /// Returns the name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A description in Markdown: at most 20,000 characters, may be empty, line endings as `\n`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(into = "String")]
pub struct Description(String);

impl Description {
    /// Maximum length in characters.
    pub const LIMIT: usize = 20_000;

    /// Parses a description, trimming it and normalizing line endings and Unicode.
    ///
    /// # Errors
    /// Returns [`TextError`] if the description is too long or contains control characters other than tab and newline.
    pub fn parse(text: &str) -> Result<Self, TextError> {
        let subject = "the description";
        let text = to_nfc(text.replace("\r\n", "\n").trim());
        if let Some(c) = text.chars().find(|c| is_hidden(*c) && *c != '\n' && *c != '\t') {
            return Err(TextError::Control { subject, code: c.into() });
        }
        check_length(subject, text, Self::LIMIT).map(Self)
    }

    /// Returns the Markdown source.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Parses one line of text of 1 to `limit` characters, at least one of them visible. `subject` begins the error messages: `the
/// name`.
pub(crate) fn parse_line(subject: &'static str, text: &str, limit: usize) -> Result<String, TextError> {
    if text.chars().all(|c| c.is_whitespace() || is_ignorable(c)) {
        return Err(TextError::Empty { subject });
    }
    let text = to_nfc(text.trim());
    if let Some(c) = text.chars().find(|c| is_hidden(*c)) {
        return Err(TextError::Control { subject, code: c.into() });
    }
    check_length(subject, text, limit)
}

/// Parses one line of text like [`parse_line`], but removes control and invisible characters instead of rejecting them, and
/// replaces no-break spaces by spaces. For names that scripts build from files, where a byte order mark is easily left over.
pub(crate) fn parse_cleaned_line(subject: &'static str, text: &str, limit: usize) -> Result<String, TextError> {
    let text = clean_line(text);
    if text.is_empty() {
        return Err(TextError::Empty { subject });
    }
    check_length(subject, text, limit)
}

/// Returns one line of text in NFC, trimmed, without control and invisible characters and with spaces for no-break spaces.
pub(crate) fn clean_line(text: &str) -> String {
    let visible =
        |c: &char| !is_hidden(*c) && !matches!(c, '\u{61C}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2060}');
    let cleaned: String = text.chars().filter(visible).map(|c| if c == '\u{A0}' { ' ' } else { c }).collect();
    to_nfc(cleaned.trim())
}

/// Returns the text in Unicode NFC.
#[cfg(not(target_family = "wasm"))]
fn to_nfc(text: &str) -> String {
    unicode_normalization::UnicodeNormalization::nfc(text).collect()
}

/// Returns the text in Unicode NFC. Uses the browser's tables: ours would be a tenth of what a page loads.
#[cfg(target_family = "wasm")]
fn to_nfc(text: &str) -> String {
    if text.is_ascii() { text.to_owned() } else { js_sys::JsString::from(text).normalize("NFC").into() }
}

/// Returns the text in lowercase.
#[cfg(not(target_family = "wasm"))]
#[must_use]
pub fn to_lowercase(text: &str) -> String {
    text.to_lowercase()
}

/// Returns the text in lowercase, with the browser's tables.
#[cfg(target_family = "wasm")]
#[must_use]
pub fn to_lowercase(text: &str) -> String {
    js_sys::JsString::from(text).to_lower_case().into()
}

fn check_length(subject: &'static str, text: String, limit: usize) -> Result<String, TextError> {
    let length = text.chars().count();
    if length > limit {
        return Err(TextError::TooLong { subject, length, limit });
    }
    Ok(text)
}

/// Returns whether a character is a control character, a line separator or a mark that overrides the text direction.
///
/// Zero-width joiners are allowed: several scripts and most emoji need them.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

/// Returns whether a character is invisible by itself (Unicode's `Default_Ignorable_Code_Point`). Within a text it may matter: it
/// joins or separates letters, or selects a variant of the one before it.
fn is_ignorable(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}'..='\u{1160}' | '\u{17B4}'..='\u{17B5}'
        | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
        | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFF8}'
        | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}')
}

/// Implements conversions for a newtype over `String` that has `parse(&str)`.
///
/// `TryFrom<String>` validates everywhere. `Deserialize` validates on the server only: what reaches the browser comes from
/// the server, which has validated it, and validating it again would cost time on every page.
macro_rules! text_conversions {
    ($($type:ident: $error:ty),+) => {$(
        impl TryFrom<String> for $type {
            type Error = $error;
            fn try_from(text: String) -> Result<Self, $error> {
                Self::parse(&text)
            }
        }
        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <String as serde::Deserialize>::deserialize(deserializer)?;
                if cfg!(target_family = "wasm") {
                    return Ok(Self(text));
                }
                Self::try_from(text).map_err(serde::de::Error::custom)
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
text_conversions!(Name: TextError, Description: TextError);
pub(crate) use text_conversions;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_names() {
        fn check(text: &str, expected: Result<&str, &str>) {
            let parsed = Name::parse(text).map_err(|e| e.to_string());
            assert_eq!(parsed.as_ref().map(Name::as_str).map_err(String::as_str), expected, "{text:?}");
        }
        check("yolo-640", Ok("yolo-640"));
        check("  road signs\t", Ok("road signs"));
        check("../../etc/passwd", Ok("../../etc/passwd")); // a name never becomes a path
        check("cafe\u{301}", Ok("caf\u{e9}"));
        check(&"é".repeat(60), Ok(&"é".repeat(60)));
        check(&"é".repeat(61), Err("the name has 61 characters; the maximum is 60"));
        check(" \n ", Err("the name must not be empty"));
        check("\u{200b}", Err("the name must not be empty"));
        check("\u{200f} \u{3164}\u{a0}", Err("the name must not be empty"));
        check("a\u{200b}", Ok("a\u{200b}"));
        check("\u{2764}\u{fe0f}", Ok("\u{2764}\u{fe0f}")); // a heart and the selector of its colored variant
        check("\u{feff}a", Err("the name contains an invisible control character (U+FEFF); remove it"));
        check("a\nb", Err("the name contains an invisible control character (U+000A); remove it"));
        check("a\0b", Err("the name contains an invisible control character (U+0000); remove it"));
        check("gpj\u{202e}exe", Err("the name contains an invisible control character (U+202E); remove it"));
    }

    #[test]
    fn names_that_look_alike_have_the_same_nfkc() {
        for (name, expected) in [
            ("yolo\u{b2}", "yolo2"),
            ("\u{ff59}\u{ff4f}\u{ff4c}\u{ff4f}", "yolo"),
            ("a\u{a0}b", "a b"),
            ("\u{fb01}ne", "fine"),
            ("cafe\u{301}", "caf\u{e9}"),
            ("YOLO", "YOLO"),
        ] {
            assert_eq!(Name::parse(name).unwrap().to_nfkc(), expected, "{name:?}");
        }
    }

    #[test]
    fn deserializing_validates_names() {
        assert_eq!(serde_json::from_str::<Name>(r#"" cafe\u0301 ""#).unwrap().as_str(), "caf\u{e9}");
        assert!(serde_json::from_str::<Name>(r#""""#).is_err());
        assert!(Name::try_from(String::from("a\nb")).is_err());
        let name = Name::parse("yolo-640").unwrap();
        assert_eq!(serde_json::to_string(&name).unwrap(), r#""yolo-640""#);
    }

    #[test]
    fn parses_descriptions() {
        fn check(text: &str, expected: Result<&str, &str>) {
            let parsed = Description::parse(text).map_err(|e| e.to_string());
            assert_eq!(parsed.as_ref().map(Description::as_str).map_err(String::as_str), expected, "{text:?}");
        }
        check("", Ok(""));
        check("# Why\r\n\tlarger *input*\r\n", Ok("# Why\n\tlarger *input*"));
        check("a\u{7}", Err("the description contains an invisible control character (U+0007); remove it"));
        let long = "x".repeat(20_001);
        check(&long, Err("the description has 20,001 characters; the maximum is 20,000"));
    }
}
