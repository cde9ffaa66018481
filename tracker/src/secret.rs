//! Secrets that Groundglass makes: session cookies, API tokens, the first owner's link.
//!
//! Each carries 256 random bits, so a plain SHA-256 is enough to keep it by; the text itself is shown once
//! and stored nowhere.

use std::fmt::{self, Write as _};

use sha2::{Digest, Sha256};

use crate::Error;

/// A secret just made. Its debug form shows nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Draws a new one; `prefix` lets people and secret scanners see what it is for.
    pub(crate) fn draw(prefix: &str) -> Result<Self, Error> {
        let mut bytes = [0u8; 32];
        getrandom::fill(&mut bytes).map_err(Error::unexpected)?;
        let mut text = String::with_capacity(prefix.len() + 64);
        text.push_str(prefix);
        for byte in bytes {
            write!(text, "{byte:02x}").map_err(Error::unexpected)?;
        }
        Ok(Self(text))
    }

    /// The text, to hand over once.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    pub(crate) fn hash(&self) -> Vec<u8> {
        hash(&self.0)
    }
}

/// What is kept of a secret: the SHA-256 of its text. Texts of any length are taken, since they come from outside.
pub(crate) fn hash(secret: &str) -> Vec<u8> {
    Sha256::digest(secret.as_bytes()).to_vec()
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}
