//! Media types of uploaded files.

use std::fmt;

/// A media type as a client states it (RFC 9110, section 8.3.1): `image/png`, `text/plain; charset=utf-8`. At most 127 visible
/// ASCII characters and spaces, trimmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MediaType(String);

impl MediaType {
    /// Maximum length in bytes.
    pub const LIMIT: usize = 127;

    /// Parses a media type. Returns `None` if it is too long or malformed: the type is only a hint for downloads, and an upload
    /// should not fail because of it.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let essence = text.split(';').next().unwrap_or_default().trim_end();
        let (kind, subtype) = essence.split_once('/')?;
        let valid = text.len() <= Self::LIMIT
            && text.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ')
            && is_token(kind)
            && is_token(subtype);
        valid.then(|| Self(text.to_owned()))
    }

    /// Returns the media type.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for MediaType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Returns whether a text is a token of RFC 9110, section 5.6.2.
fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_media_types() {
        for (text, expected) in [
            ("image/png", Some("image/png")),
            (" Text/HTML; charset=utf-8 ", Some("Text/HTML; charset=utf-8")),
            ("application/vnd.api+json;a=\"b/c\"", Some("application/vnd.api+json;a=\"b/c\"")),
            ("", None),
            ("image", None),
            ("/png", None),
            ("image/", None),
            ("image/png/x", None),
            ("image /png", None),
            ("image/png\0", None),
            ("image/\u{200b}png", None),
            ("image/png; a=\nb", None),
            ("\u{ff49}mage/png", None),
        ] {
            assert_eq!(MediaType::parse(text).as_ref().map(MediaType::as_str), expected, "{text:?}");
        }
        assert!(MediaType::parse(&format!("a/{}", "b".repeat(125))).is_some());
        assert!(MediaType::parse(&format!("a/{}", "b".repeat(126))).is_none());
    }
}
