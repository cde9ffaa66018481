//! Generated secrets: session cookies, API tokens, the link for the first owner.
//!
//! Each has 256 random bits, so a plain SHA-256 is enough to store it. The secret itself is shown once and stored nowhere.

use std::fmt::{self, Write as _};

use sha2::{Digest, Sha256};

use crate::Error;

/// A newly generated secret. `Debug` does not reveal it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Generates a secret. `prefix` lets people and secret scanners recognize its purpose.
    pub(crate) fn generate(prefix: &str) -> Result<Self, Error> {
        let mut bytes = [0u8; 32];
        getrandom::fill(&mut bytes).map_err(Error::unexpected)?;
        let mut text = String::with_capacity(prefix.len() + 64);
        text.push_str(prefix);
        for byte in bytes {
            write!(text, "{byte:02x}").map_err(Error::unexpected)?;
        }
        Ok(Self(text))
    }

    /// Returns the secret in plain text, to show it once.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    pub(crate) fn hash(&self) -> Vec<u8> {
        hash_secret(&self.0)
    }
}

/// Returns the stored form of a secret: the SHA-256 of its text. Accepts texts of any length, because they come from clients.
pub(crate) fn hash_secret(secret: &str) -> Vec<u8> {
    Sha256::digest(secret.as_bytes()).to_vec()
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}
