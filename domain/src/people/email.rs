//! E-mail addresses, used to sign in.

use serde::Serialize;

use crate::text::{TextError, parse_line, text_conversions, to_lowercase};

/// An e-mail address in lowercase, of at most 254 characters.
///
/// Groundglass signs users in with it and sends no mail, so only the shape is checked.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(into = "String")]
pub struct Email(String);

/// Why an e-mail address is invalid.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EmailError {
    /// Empty, too long, or containing control characters.
    #[error(transparent)]
    Text(#[from] TextError),
    /// Not of the form `name@domain`.
    #[error("an e-mail address looks like ana@example.org")]
    Shape,
}

impl Email {
    /// Parses an address. Uppercase and lowercase are equivalent.
    ///
    /// # Errors
    /// Returns [`EmailError`] if the address is empty, too long, or not of the form `name@domain`.
    pub fn parse(text: &str) -> Result<Self, EmailError> {
        let text = to_lowercase(&parse_line("the e-mail address", text, 254)?);
        let (name, domain) = text.split_once('@').ok_or(EmailError::Shape)?;
        let complete = !name.is_empty() && !domain.is_empty() && !domain.contains('@');
        if !complete || text.contains(char::is_whitespace) {
            return Err(EmailError::Shape);
        }
        Ok(Self(text))
    }

    /// Returns the address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

text_conversions!(Email: EmailError);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_addresses() {
        fn check(text: &str, expected: Option<&str>) {
            assert_eq!(Email::parse(text).ok().as_ref().map(Email::as_str), expected, "{text:?}");
        }
        check(" Ana@Example.org ", Some("ana@example.org"));
        check("ana@localhost", Some("ana@localhost"));
        check("ana", None);
        check("@example.org", None);
        check("ana@", None);
        check("a@b@c", None);
        check("ana smith@example.org", None);
        check(&format!("{}@example.org", "a".repeat(250)), None);
    }
}
