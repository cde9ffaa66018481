//! File names, media types and hashes, purposes of uploaded objects, and logged images.

mod media_type;
mod sha256;

pub use media_type::MediaType;
pub use sha256::{InvalidSha256, Sha256Hash};

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{
    Instant, TextError,
    text::{parse_line, text_conversions},
};

/// The original name of a file: 1–255 characters on one line, trimmed, in NFC, and not a path.
///
/// The name is shown and offered when the file is downloaded. Nothing on the server is stored under it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(into = "String")]
pub struct FileName(String);

text_conversions!(FileName: TextError);

impl FileName {
    /// Maximum length in characters.
    pub const LIMIT: usize = 255;
    const SUBJECT: &'static str = "the name of the file";

    /// Parses a file name, trimming it and normalizing it to NFC.
    ///
    /// # Errors
    /// Returns [`TextError`] if the name is empty after trimming, too long, contains control characters, or is a path that
    /// could make a program save into another folder: `a/b`, `C:\x`, `..`.
    pub fn parse(text: &str) -> Result<Self, TextError> {
        let name = parse_line(Self::SUBJECT, text, Self::LIMIT)?;
        let drive = name.as_bytes().get(1) == Some(&b':') && name.as_bytes()[0].is_ascii_alphabetic();
        if drive || name == "." || name == ".." || name.contains(['/', '\\']) {
            return Err(TextError::Path { subject: Self::SUBJECT });
        }
        Ok(Self(name))
    }

    /// Returns a stored name, or `file` if it was stored before names had to be valid.
    #[must_use]
    pub fn from_stored(text: &str) -> Self {
        Self::parse(text).unwrap_or_else(|_| Self("file".to_owned()))
    }

    /// Returns the name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What an uploaded object is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// The file of an artifact.
    Artifact,
    /// An image for a log of type IMAGE.
    LogImage,
}

/// The text is not a known purpose.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown object type '{0}'; use ARTIFACT or LOG_IMAGE with the context {{\"experiment_id\": …}}")]
pub struct UnknownPurpose(String);

impl Purpose {
    /// Returns the purpose as the API spells it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Artifact => "ARTIFACT",
            Self::LogImage => "LOG_IMAGE",
        }
    }
}

impl FromStr for Purpose {
    type Err = UnknownPurpose;

    fn from_str(text: &str) -> Result<Self, UnknownPurpose> {
        match text {
            "ARTIFACT" => Ok(Self::Artifact),
            "LOG_IMAGE" => Ok(Self::LogImage),
            _ => Err(UnknownPurpose(text.chars().take(40).collect())),
        }
    }
}

/// One version of an image log: the newest, or one that a later image replaced.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogImage {
    /// Version number within the log, counted from 1.
    pub version: i64,
    /// The original file name.
    pub filename: String,
    /// Signed download path on this server, valid for about an hour.
    pub url: String,
    /// When the image was logged.
    pub at: Instant,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rejects_paths() {
        for good in ["best.pt", "a b (1).tar.gz", "2024-01-01T10:00:00.log", "...", ".env", "é"] {
            assert_eq!(FileName::parse(good).as_ref().map(FileName::as_str), Ok(good));
        }
        for wrong in ["", " ", ".", "..", "../../etc/passwd", "a/b", r"C:\x", "C:x", r"a\b", "a\nb", "gpj\u{202e}exe"] {
            assert!(FileName::parse(wrong).is_err(), "{wrong}");
            assert_eq!(FileName::from_stored(wrong).as_str(), "file");
        }
        assert!(FileName::parse(&"x".repeat(255)).is_ok());
        assert!(FileName::parse(&"x".repeat(300)).is_err());
    }
}
