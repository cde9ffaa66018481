//! Log names.

use serde::Serialize;

use crate::{
    TextError,
    text::{parse_cleaned_line, text_conversions},
};

/// The name of a log, unique within its experiment: 1–255 characters on one line, trimmed, in NFC.
///
/// The part before the first `/` is the log's section on the page: `train/loss` belongs to `train`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(into = "String")]
pub struct LogName(String);

text_conversions!(LogName: TextError);

impl LogName {
    /// Maximum length in characters.
    pub const LIMIT: usize = 255;

    /// Parses a name: removes control and invisible characters, trims it and normalizes it to NFC.
    ///
    /// # Errors
    /// Returns [`TextError`] if the name is then empty or too long.
    pub fn parse(text: &str) -> Result<Self, TextError> {
        parse_cleaned_line("the name of a log", text, Self::LIMIT).map(Self)
    }

    /// Returns a stored name, cleaned unless nothing visible would be left. It was valid when it was stored, and the rules may
    /// have changed since.
    #[must_use]
    pub fn from_stored(text: String) -> Self {
        Self::parse(&text).unwrap_or(Self(text))
    }

    /// Returns the name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Returns the section of a log with this name: the part before the first `/`, or `None` if that is missing or empty.
#[must_use]
pub fn group_of(name: &str) -> Option<&str> {
    name.split_once('/').map(|(group, _)| group).filter(|group| !group.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_cleaned() {
        for (sent, name) in [
            ("\u{FEFF}loss", "loss"),
            ("  train/loss\u{A0}", "train/loss"),
            ("box\u{A0}loss", "box loss"),
            ("lo\u{200B}ss\n", "loss"),
            ("\u{202E}loss\u{0}", "loss"),
            ("e\u{301}", "\u{e9}"),
        ] {
            assert_eq!(LogName::parse(sent).unwrap().as_str(), name, "{sent:?}");
        }
        assert_eq!(LogName::from_stored("\u{FEFF}".to_owned()).as_str(), "\u{FEFF}", "stored by an earlier version");
        for empty in ["", " ", "\u{FEFF}", "\u{200B}\u{202E} \u{A0}\t"] {
            assert!(matches!(LogName::parse(empty), Err(TextError::Empty { .. })), "{empty:?}");
        }
        assert!(LogName::parse(&"x".repeat(255)).is_ok());
        assert!(matches!(LogName::parse(&"x".repeat(256)), Err(TextError::TooLong { .. })));
    }

    #[test]
    fn groups_by_the_part_before_the_first_slash() {
        for (name, group) in [
            ("train/loss", Some("train")),
            ("train/box/loss", Some("train")),
            ("loss", None),
            ("/loss", None),
            ("loss/", Some("loss")),
        ] {
            assert_eq!(group_of(name), group, "{name}");
        }
    }
}
