//! The error of all server functions.

use leptos::server_fn::{
    codec::JsonEncoding,
    error::{FromServerFnError, ServerFnErrorErr},
};
use serde::{Deserialize, Serialize};

/// Why a page cannot be shown or a form was rejected. The texts are messages for users.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum AppError {
    /// The request has no valid session.
    SignedOut,
    /// The resource does not exist, or the reader may not see it.
    NotFound(String),
    /// The reader may see the resource, but lacks the right for this action.
    Forbidden(String),
    /// A name is taken, or another change came first.
    Conflict(String),
    /// The input is invalid.
    Invalid(String),
    /// Too many requests.
    TooMany(String),
    /// The server's storage is full.
    Full(String),
    /// The database or the file storage does not work at the moment.
    Unavailable(String),
    /// An internal error. The server's log has its cause under the id.
    Unexpected {
        /// The request's id; empty if unknown.
        id: String,
    },
    /// The server did not respond.
    Unreachable,
}

impl AppError {
    /// Returns the corresponding HTTP status code.
    pub fn status(&self) -> u16 {
        match self {
            Self::SignedOut => 401,
            Self::NotFound(_) => 404,
            Self::Forbidden(_) => 403,
            Self::Conflict(_) => 409,
            Self::Invalid(_) => 422,
            Self::TooMany(_) => 429,
            Self::Unexpected { .. } => 500,
            Self::Full(_) => 507,
            Self::Unavailable(_) | Self::Unreachable => 503,
        }
    }

    /// Returns the message for the reader: one or more complete sentences.
    pub fn sentence(&self) -> String {
        match self {
            Self::SignedOut => "Your session has ended. Sign in again.".to_owned(),
            Self::NotFound(text)
            | Self::Forbidden(text)
            | Self::Conflict(text)
            | Self::Invalid(text)
            | Self::TooMany(text)
            | Self::Full(text)
            | Self::Unavailable(text) => as_sentence(text),
            Self::Unexpected { .. } => "The server had an internal error. Try again.".to_owned(),
            Self::Unreachable => "The server didn't respond. Check your connection and try again.".to_owned(),
        }
    }
}

/// Input errors from `domain` become [`AppError::Invalid`] with their message, so that `?` works on them.
macro_rules! invalid_input {
    ($($error:ty),+) => {$(
        impl From<$error> for AppError {
            fn from(error: $error) -> Self {
                Self::Invalid(error.to_string())
            }
        }
    )+};
}
invalid_input!(
    domain::TextError,
    domain::artifacts::FingerprintError,
    domain::experiments::UnknownStatus,
    domain::files::InvalidSha256,
    domain::people::EmailError,
    domain::people::PasswordError,
    domain::people::UnknownScope
);

impl FromServerFnError for AppError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Request(_) => Self::Unreachable,
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) | ServerFnErrorErr::Deserialization(_) => {
                Self::Invalid("some form fields are missing or invalid".to_owned())
            }
            _ => Self::Unexpected { id: String::new() },
        }
    }

    /// Serializes the error into the response of a server function, and sets the response's status.
    fn ser(&self) -> leptos::server_fn::Bytes {
        #[cfg(feature = "ssr")]
        crate::server_context::set_response_status(self.status());
        serde_json::to_vec(self).unwrap_or_default().into()
    }
}

/// Returns a clause as a sentence: capitalized, with a full stop. Inner layers return clauses in lowercase.
pub(crate) fn as_sentence(clause: &str) -> String {
    let mut letters = clause.chars();
    let mut sentence = letters.next().map(crate::uppercase::uppercase).unwrap_or_default();
    sentence.push_str(letters.as_str());
    if !sentence.ends_with(['.', '!', '?']) {
        sentence.push('.');
    }
    sentence
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn message_is_a_capitalized_sentence() {
        let sentence = |clause: &str| AppError::Invalid(clause.to_owned()).sentence();
        assert_eq!(sentence("the name must not be empty"), "The name must not be empty.");
        assert_eq!(sentence("Änderungen?"), "Änderungen?");
    }
}
