//! Files that scripts upload: what they are for, and what they were called where they came from.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{
    Instant, TextError,
    text::{line, text_conversions},
};

/// What a file was called where it came from: 1–255 characters on one line, trimmed, NFC. It is shown and offered as the
/// name to save under; nothing here is ever stored under it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct FileName(String);

text_conversions!(FileName);

impl FileName {
    /// The most characters it has.
    pub const LIMIT: usize = 255;

    /// Takes a name as sent.
    ///
    /// # Errors
    /// [`TextError`] when it is empty after trimming, too long, or has control characters.
    pub fn parse(text: &str) -> Result<Self, TextError> {
        line("the name of the file", text, Self::LIMIT).map(Self)
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
    /// A picture that a log of the kind IMAGE will show.
    LogImage,
}

/// The text names nothing that objects are for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "objects of the type '{0}' are not kept here; the type that is: LOG_IMAGE, with the context {{\"experiment_id\": …}}"
)]
pub struct UnknownPurpose(String);

impl Purpose {
    /// Its word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::LogImage => "LOG_IMAGE",
        }
    }
}

impl FromStr for Purpose {
    type Err = UnknownPurpose;

    fn from_str(text: &str) -> Result<Self, UnknownPurpose> {
        match text {
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
