//! Files that scripts upload: what they are for, and what they were called where they came from.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{
    Instant, TextError,
    text::{line, text_conversions},
};

/// What a file was called where it came from: 1–255 characters on one line, trimmed, NFC, and no path. It is shown and
/// offered as the name to save under; nothing here is ever stored under it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct FileName(String);

text_conversions!(FileName);

impl FileName {
    /// The most characters it has.
    pub const LIMIT: usize = 255;
    const WHAT: &'static str = "the name of the file";

    /// Takes a name as sent.
    ///
    /// # Errors
    /// [`TextError`] when it is empty after trimming, too long, has control characters, or would lead a program that saves
    /// under it to some other place: `a/b`, `C:\x`, `..`.
    pub fn parse(text: &str) -> Result<Self, TextError> {
        let name = line(Self::WHAT, text, Self::LIMIT)?;
        let drive = name.as_bytes().get(1) == Some(&b':') && name.as_bytes()[0].is_ascii_alphabetic();
        if drive || name == "." || name == ".." || name.contains(['/', '\\']) {
            return Err(TextError::Path { what: Self::WHAT });
        }
        Ok(Self(name))
    }

    /// The name, or one that stands for it where it was kept before names were that strict.
    #[must_use]
    pub fn kept(text: &str) -> Self {
        Self::parse(text).unwrap_or_else(|_| Self("file".to_owned()))
    }

    /// The name's text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What an uploaded object is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// A file that an artifact will hold.
    Artifact,
    /// A picture that a log of the kind IMAGE will show.
    LogImage,
}

/// The text names nothing that objects are for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "objects of the type '{0}' are not kept here; the types that are: ARTIFACT and LOG_IMAGE, with the context {{\"experiment_id\": …}}"
)]
pub struct UnknownPurpose(String);

impl Purpose {
    /// Its word.
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

/// One picture that was logged under a name: the newest, or one that another replaced.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogImage {
    /// Counts the pictures of the log from 1.
    pub version: i64,
    /// What its file was called.
    pub filename: String,
    /// Where it is to be had, for about an hour: a path on this server, with a signature.
    pub url: String,
    /// When it was logged.
    pub at: Instant,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_is_no_path() {
        for good in ["best.pt", "a b (1).tar.gz", "2024-01-01T10:00:00.log", "...", ".env", "é"] {
            assert_eq!(FileName::parse(good).as_ref().map(FileName::as_str), Ok(good));
        }
        for wrong in ["", " ", ".", "..", "../../etc/passwd", "a/b", r"C:\x", "C:x", r"a\b", "a\nb", "gpj\u{202e}exe"] {
            assert!(FileName::parse(wrong).is_err(), "{wrong}");
            assert_eq!(FileName::kept(wrong).as_str(), "file");
        }
        assert!(FileName::parse(&"x".repeat(255)).is_ok());
        assert!(FileName::parse(&"x".repeat(300)).is_err());
    }
}
