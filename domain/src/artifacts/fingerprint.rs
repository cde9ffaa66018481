//! Fingerprints of files that are uploaded from a page.

use serde::{Deserialize, Serialize};

/// Text by which a browser recognizes a file when the user selects it again: at most 1,024 bytes. Opaque to the server, which
/// stores and returns it unchanged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fingerprint(String);

/// Why a fingerprint is invalid.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FingerprintError {
    /// Longer than [`Fingerprint::LIMIT`].
    #[error("the fingerprint exceeds the limit of 1,024 bytes")]
    TooLong,
    /// Contains U+0000, which PostgreSQL cannot store.
    #[error("the fingerprint contains the character U+0000; remove it")]
    Nul,
}

impl Fingerprint {
    /// Maximum length in bytes.
    pub const LIMIT: usize = 1_024;

    /// Checks a fingerprint. It is not normalized, because the browser compares it with its own.
    ///
    /// # Errors
    /// Returns [`FingerprintError`] if it is too long or contains U+0000.
    pub fn parse(text: String) -> Result<Self, FingerprintError> {
        if text.len() > Self::LIMIT {
            return Err(FingerprintError::TooLong);
        }
        if text.contains('\0') {
            return Err(FingerprintError::Nul);
        }
        Ok(Self(text))
    }

    /// Returns a stored fingerprint unchanged.
    #[must_use]
    pub fn from_stored(text: String) -> Self {
        Self(text)
    }

    /// Returns the fingerprint.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_everything_that_both_databases_can_store() {
        for text in ["", "best.pt|7|1700000000", "cafe\u{301}\n\u{200b}\u{202e}\u{a0}"] {
            assert_eq!(Fingerprint::parse(text.to_owned()).unwrap().as_str(), text);
        }
        assert_eq!(Fingerprint::parse("a\0b".to_owned()), Err(FingerprintError::Nul));
        assert!(Fingerprint::parse("é".repeat(512)).is_ok());
        assert_eq!(Fingerprint::parse("é".repeat(513)), Err(FingerprintError::TooLong));
    }
}
