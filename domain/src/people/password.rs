//! Password rules.

use std::fmt;

/// A password in plain text: 8 to 256 characters and not a common one. Held only until it is hashed.
///
/// `Debug` does not reveal it.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

/// Why a password is invalid.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// Fewer than [`Password::MIN_LENGTH`] characters.
    #[error("the password needs at least 8 characters; we recommend 15 or more")]
    TooShort,
    /// More than [`Password::MAX_LENGTH`] characters.
    #[error("the password has more than 256 characters; choose a shorter one")]
    TooLong,
    /// Among the passwords that attackers try first.
    #[error("that password is too common; choose another")]
    TooCommon,
}

impl Password {
    /// Minimum length in characters.
    pub const MIN_LENGTH: usize = 8;
    /// Maximum length in characters. Bounded because the cost of hashing grows with the length.
    pub const MAX_LENGTH: usize = 256;

    /// Parses a new password. Any characters are allowed and none are required. Nothing is trimmed.
    ///
    /// # Errors
    /// Returns [`PasswordError`] if the password is too short, too long or too common.
    pub fn parse(text: &str) -> Result<Self, PasswordError> {
        let length = text.chars().count();
        if length < Self::MIN_LENGTH {
            return Err(PasswordError::TooShort);
        }
        if length > Self::MAX_LENGTH {
            return Err(PasswordError::TooLong);
        }
        if is_common(text) {
            return Err(PasswordError::TooCommon);
        }
        Ok(Self(text.to_owned()))
    }

    /// Returns the password in plain text, for hashing.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

/// Returns whether a password is a common word with digits or punctuation around it, one repeated character, or a run of
/// the alphabet, the digits or the keyboard.
fn is_common(text: &str) -> bool {
    const COMMON_WORDS: [&str; 24] = [
        "password",
        "passwort",
        "passw0rd",
        "p@ssw0rd",
        "p@ssword",
        "motdepasse",
        "welcome",
        "letmein",
        "iloveyou",
        "sunshine",
        "princess",
        "football",
        "baseball",
        "superman",
        "trustno",
        "starwars",
        "computer",
        "whatever",
        "administrator",
        "admin",
        "changeme",
        "secret",
        "groundglass",
        "picsellia",
    ];
    const RUNS: [&str; 5] = [
        "01234567890123456789",
        "98765432109876543210",
        "abcdefghijklmnopqrstuvwxyz",
        "qwertyuiopasdfghjklzxcvbnm",
        "1q2w3e4r5t6y7u8i9o0p",
    ];
    let lower = text.to_lowercase();
    let core = lower.trim_matches(|c: char| c.is_ascii_digit() || c.is_ascii_punctuation());
    let first = lower.chars().next();
    COMMON_WORDS.contains(&core)
        || COMMON_WORDS.contains(&lower.as_str())
        || RUNS.iter().any(|run| run.contains(lower.as_str()))
        || lower.chars().all(|c| Some(c) == first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rejects_short_long_and_common_passwords() {
        fn check(text: &str, expected: Result<(), PasswordError>) {
            assert_eq!(Password::parse(text).map(|_| ()), expected, "{text:?}");
        }
        check("tripod-lens-17", Ok(()));
        check("        x", Ok(()));
        check(&"aé".repeat(128), Ok(()));
        check("short", Err(PasswordError::TooShort));
        check("ééééééé", Err(PasswordError::TooShort));
        check(&"aé".repeat(129), Err(PasswordError::TooLong));
        for known in ["Password123!", "12345678", "aaaaaaaaaa", "QwertyUiop", "letmein2026", "p@ssw0rd"] {
            check(known, Err(PasswordError::TooCommon));
        }
    }

    #[test]
    fn debug_does_not_reveal_the_password() {
        assert_eq!(format!("{:?}", Password::parse("tripod-lens-17").unwrap()), "Password(…)");
    }
}
