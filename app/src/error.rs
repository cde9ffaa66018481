//! The one error of all server functions: what a page can show and a person can act on.

use leptos::server_fn::{
    codec::JsonEncoding,
    error::{FromServerFnError, ServerFnErrorErr},
};
use serde::{Deserialize, Serialize};

/// Why a page cannot be shown or a form was refused. The texts are sentences for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum AppError {
    /// Nobody is signed in, or not any more.
    SignedOut,
    /// There is no such thing, or the reader may not see it.
    NotFound(String),
    /// The reader sees the thing but may not do this.
    Forbidden(String),
    /// It is taken, or somebody else was faster.
    Conflict(String),
    /// The input makes no sense.
    Invalid(String),
    /// Too often; later.
    TooMany(String),
    /// Something broke inside; the log has more under this id.
    Unexpected {
        /// The id to quote; empty when there is none.
        id: String,
    },
    /// The server did not answer.
    Unreachable,
}

impl AppError {
    /// The HTTP status that says the same.
    pub fn status(&self) -> u16 {
        match self {
            Self::SignedOut => 401,
            Self::NotFound(_) => 404,
            Self::Forbidden(_) => 403,
            Self::Conflict(_) => 409,
            Self::Invalid(_) => 422,
            Self::TooMany(_) => 429,
            Self::Unexpected { .. } => 500,
            Self::Unreachable => 503,
        }
    }

    /// What to tell the reader: one or more whole sentences.
    pub fn sentence(&self) -> String {
        match self {
            Self::SignedOut => "You are not signed in any more.".to_owned(),
            Self::NotFound(text)
            | Self::Forbidden(text)
            | Self::Conflict(text)
            | Self::Invalid(text)
            | Self::TooMany(text) => as_sentence(text),
            Self::Unexpected { .. } => "Something broke inside the server. Trying again may help.".to_owned(),
            Self::Unreachable => "The server did not answer. Check the connection and try again.".to_owned(),
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
                Self::Invalid("some of the form's fields are missing or make no sense".to_owned())
            }
            _ => Self::Unexpected { id: String::new() },
        }
    }

    /// Called where an error becomes the answer of a server function, and so the place to give that its status.
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
    fn clauses_become_sentences() {
        let sentence = |clause: &str| AppError::Invalid(clause.to_owned()).sentence();
        assert_eq!(sentence("the name must not be empty"), "The name must not be empty.");
        assert_eq!(sentence("Änderungen?"), "Änderungen?");
    }
}
