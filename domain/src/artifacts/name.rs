//! The name of an artifact.

use serde::{Deserialize, Serialize};

use crate::{
    TextError,
    text::{line, text_conversions},
};

/// The name of an artifact, unique in its experiment: 1–255 characters on one line, trimmed, NFC.
///
/// It is not the name of its file: `model-latest` may hold `yolov8n.pt` today and `best.pt` tomorrow. It may have slashes,
/// which lead nowhere.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ArtifactName(String);

text_conversions!(ArtifactName);

impl ArtifactName {
    /// The most characters a name has.
    pub const LIMIT: usize = 255;

    /// Takes a name as given.
    ///
    /// # Errors
    /// [`TextError`] when it is empty after trimming, too long, or has control characters.
    pub fn parse(text: &str) -> Result<Self, TextError> {
        line("the name of an artifact", text, Self::LIMIT).map(Self)
    }

    /// The name's text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for (text, expected) in [
            ("model-latest", Some("model-latest")),
            (" runs/exp 1/weights ", Some("runs/exp 1/weights")),
            ("../../etc/passwd", Some("../../etc/passwd")), // a name never becomes a path
            (".", Some(".")),
            ("", None),
            ("a\nb", None),
            ("gpj\u{202e}exe", None),
        ] {
            assert_eq!(ArtifactName::parse(text).ok().as_ref().map(ArtifactName::as_str), expected, "{text:?}");
        }
        assert!(ArtifactName::parse(&"é".repeat(255)).is_ok());
        assert!(ArtifactName::parse(&"é".repeat(300)).is_err());
    }
}
