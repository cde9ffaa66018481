//! E-mail addresses as sign-in names.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::text::{TextError, line, lower_case};

/// An e-mail address, in lower case, of at most 254 characters. Groundglass signs people in with it and
/// sends nothing to it, so it only has to look like one.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Email(String);

/// Why an address was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EmailError {
    /// Empty, too long, or with control characters.
    #[error(transparent)]
    Text(#[from] TextError),
    /// Not of the form `name@place`.
    #[error("an e-mail address looks like ana@example.org")]
    Shape,
}

impl Email {
    /// Takes an address as typed; upper and lower case are the same person.
    ///
    /// # Errors
    /// [`EmailError`] when it is empty, too long, or not of the form `name@place`.
    pub fn parse(text: &str) -> Result<Self, EmailError> {
        let text = lower_case(&line("the e-mail address", text, 254)?);
        let (name, place) = text.split_once('@').ok_or(EmailError::Shape)?;
        let whole = !name.is_empty() && !place.is_empty() && !place.contains('@');
        if !whole || text.contains(char::is_whitespace) {
            return Err(EmailError::Shape);
        }
        Ok(Self(text))
    }

    /// The address's text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Email {
    type Error = EmailError;
    fn try_from(text: String) -> Result<Self, EmailError> {
        // As with names: the server has parsed what the browser gets.
        if cfg!(target_arch = "wasm32") { Ok(Self(text)) } else { Self::parse(&text) }
    }
}

impl From<Email> for String {
    fn from(email: Email) -> Self {
        email.0
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
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
