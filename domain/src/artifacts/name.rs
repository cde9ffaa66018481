//! Artifact names.

use serde::Serialize;

use crate::{
    TextError,
    text::{parse_cleaned_line, text_conversions},
};

/// An artifact's name, unique within its experiment: 1–255 characters on one line, trimmed, in NFC.
///
/// It is not the file name: `model-latest` may hold `yolov8n.pt` today and `best.pt` tomorrow. Slashes are allowed; the name
/// never becomes a path.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(into = "String")]
pub struct ArtifactName(String);

text_conversions!(ArtifactName: TextError);

impl ArtifactName {
    /// Maximum length in characters.
    pub const LIMIT: usize = 255;

    /// Parses a name: removes control and invisible characters, trims it and normalizes it to NFC.
    ///
    /// # Errors
    /// Returns [`TextError`] if the name is then empty or too long.
    pub fn parse(text: &str) -> Result<Self, TextError> {
        parse_cleaned_line("the name of an artifact", text, Self::LIMIT).map(Self)
    }

    /// Returns a stored name unchanged. It was valid when it was stored, and the rules may have changed since.
    #[must_use]
    pub fn from_stored(text: String) -> Self {
        Self(text)
    }

    /// Returns the name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_single_lines_of_up_to_255_characters() {
        for (text, expected) in [
            ("model-latest", Some("model-latest")),
            (" runs/exp 1/weights ", Some("runs/exp 1/weights")),
            ("../../etc/passwd", Some("../../etc/passwd")), // a name never becomes a path
            (".", Some(".")),
            ("", None),
            ("\u{200b}\u{feff}", None),
            ("a\nb", Some("ab")),
            ("\u{feff}best\u{a0}model\u{200b}\0", Some("best model")),
            ("gpj\u{202e}exe", Some("gpjexe")),
            ("m\u{b2}", Some("m\u{b2}")),
        ] {
            assert_eq!(ArtifactName::parse(text).ok().as_ref().map(ArtifactName::as_str), expected, "{text:?}");
        }
        assert!(ArtifactName::parse(&"é".repeat(255)).is_ok());
        assert!(ArtifactName::parse(&"é".repeat(300)).is_err());
    }
}
