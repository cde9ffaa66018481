//! What a password must be.

use std::fmt;

/// A password as typed: 8 to 256 characters, not among the best known, kept only until it is hashed.
/// Its debug form shows nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

/// Why a password was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// Fewer than [`Password::SHORTEST`] characters.
    #[error("the password needs at least 8 characters; 15 or more are better")]
    TooShort,
    /// More than [`Password::LONGEST`] characters.
    #[error("the password has more than 256 characters")]
    TooLong,
    /// Among the first that anybody tries.
    #[error("this password is among the first that anybody tries; choose another")]
    WellKnown,
}

impl Password {
    /// The fewest characters.
    pub const SHORTEST: usize = 8;
    /// The most characters: hashing costs grow with the length, so there is an end.
    pub const LONGEST: usize = 256;

    /// Takes a new password. Any characters are good, and none are required; nothing is trimmed.
    ///
    /// # Errors
    /// [`PasswordError`] when it is too short, too long or too well known.
    pub fn parse(text: &str) -> Result<Self, PasswordError> {
        let length = text.chars().count();
        if length < Self::SHORTEST {
            return Err(PasswordError::TooShort);
        }
        if length > Self::LONGEST {
            return Err(PasswordError::TooLong);
        }
        if is_well_known(text) {
            return Err(PasswordError::WellKnown);
        }
        Ok(Self(text.to_owned()))
    }

    /// The password itself, for hashing.
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

/// One of a few famous words with digits or punctuation around it, one character repeated, or a run of
/// the alphabet, the digits or the keyboard.
fn is_well_known(text: &str) -> bool {
    const FAMOUS: [&str; 24] = [
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
    FAMOUS.contains(&core)
        || FAMOUS.contains(&lower.as_str())
        || RUNS.iter().any(|run| run.contains(lower.as_str()))
        || lower.chars().all(|c| Some(c) == first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords() {
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
            check(known, Err(PasswordError::WellKnown));
        }
    }

    #[test]
    fn debug_shows_nothing() {
        assert_eq!(format!("{:?}", Password::parse("tripod-lens-17").unwrap()), "Password(…)");
    }
}
