//! The name of a log.

use serde::{Deserialize, Serialize};

use crate::{
    TextError,
    text::{line, text_conversions},
};

/// The name of a log, unique in its experiment: 1–255 characters on one line, trimmed, NFC.
///
/// What stands before the first `/` groups logs on the page: `train/loss` belongs to `train`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct LogName(String);

text_conversions!(LogName);

impl LogName {
    /// The most characters a name has.
    pub const LIMIT: usize = 255;

    /// Takes a name as given.
    ///
    /// # Errors
    /// [`TextError`] when it is empty after trimming, too long, or has control characters.
    pub fn parse(text: &str) -> Result<Self, TextError> {
        line("the name of a log", text, Self::LIMIT).map(Self)
    }

    /// The name's text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What groups a log of that name on the page: the part before the first `/`; none without one.
#[must_use]
pub fn group_of(name: &str) -> Option<&str> {
    name.split_once('/').map(|(group, _)| group).filter(|group| !group.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups() {
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
