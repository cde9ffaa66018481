//! What the server itself answers when something is wrong: a status, a word for programs, and a
//! sentence for people.
//!
//! A handler returns a [`Problem`]; the door (`door::problems`) gives it the form the caller reads,
//! JSON or a small page, because only the door still knows the request. Errors inside pages are the
//! pages' own.

use std::borrow::Cow;

use app::AppError;
use axum::Json;
use axum::response::{Html, IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde_json::json;

/// An error answer before it has its form.
#[derive(Clone, Debug)]
pub struct Problem {
    status: StatusCode,
    code: &'static str,
    message: Cow<'static, str>,
}

/// The form in which a caller reads an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// `{code, message, id}` for programs.
    Json,
    /// A server function's own error, which the page that called it can read.
    Function,
    /// A small page without style or script.
    Page,
    /// The sentence alone.
    Text,
}

impl Problem {
    /// A problem with its sentence: what is wrong and, where possible, what to do.
    pub fn new(status: StatusCode, code: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        Self { status, code, message: message.into() }
    }

    /// The sentence for a status that came without one, from a layer that knows no more.
    pub fn bare(status: StatusCode) -> Self {
        let (code, message) = match status {
            StatusCode::NOT_FOUND => ("not_found", "There is nothing at this address."),
            StatusCode::METHOD_NOT_ALLOWED => {
                ("method_not_allowed", "This address does not take that method; the Allow header says which it takes.")
            }
            StatusCode::REQUEST_TIMEOUT => ("timeout", "The request took too long to arrive."),
            StatusCode::SERVICE_UNAVAILABLE => {
                ("unavailable", "The server could not answer in time. Try again in a moment.")
            }
            StatusCode::PAYLOAD_TOO_LARGE => ("too_large", "The request is larger than this address accepts."),
            status if status.is_server_error() => {
                ("internal", "Something went wrong on the server. Its log has the details under the id of this answer.")
            }
            _ => ("bad_request", "The server does not understand this request."),
        };
        Self::new(status, code, message)
    }

    /// The server failed; the log says how.
    pub fn internal() -> Self {
        Self::bare(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// The answer's status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The finished body. `id` is the request's, under which the log knows it.
    pub(crate) fn written(&self, form: Form, id: Option<&str>) -> Response {
        let Self { status, code, message } = self;
        match form {
            Form::Json => Json(json!({ "code": code, "message": message, "id": id })).into_response(),
            Form::Function => Json(self.as_app_error(id)).into_response(),
            Form::Page => Html(page(*status, message, id)).into_response(),
            Form::Text => format!("{message}\n").into_response(),
        }
    }

    /// What a page shows that called a server function: the sentence, under the kind that is nearest.
    fn as_app_error(&self, id: Option<&str>) -> AppError {
        let message = self.message.clone().into_owned();
        match self.status {
            StatusCode::UNAUTHORIZED => AppError::SignedOut,
            StatusCode::FORBIDDEN => AppError::Forbidden(message),
            StatusCode::NOT_FOUND => AppError::NotFound(message),
            StatusCode::SERVICE_UNAVAILABLE => AppError::Unreachable,
            StatusCode::INSUFFICIENT_STORAGE => AppError::Invalid(message),
            status if status.is_server_error() => AppError::Unexpected { id: id.unwrap_or_default().to_owned() },
            _ => AppError::Invalid(message),
        }
    }
}

impl From<domain::TextError> for Problem {
    fn from(error: domain::TextError) -> Self {
        tracker::Error::from(error).into()
    }
}

impl From<tracker::Error> for Problem {
    fn from(error: tracker::Error) -> Self {
        use tracker::Error;
        match error {
            Error::NotFound(_) => Self::new(StatusCode::NOT_FOUND, "not_found", sentence(&error)),
            Error::Forbidden(_) => Self::new(StatusCode::FORBIDDEN, "forbidden", sentence(&error)),
            Error::Conflict(_) => Self::new(StatusCode::CONFLICT, "conflict", sentence(&error)),
            Error::Invalid(_) => Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", sentence(&error)),
            Error::Full(_) => Self::new(StatusCode::INSUFFICIENT_STORAGE, "full", sentence(&error)),
            Error::TooMany { .. } => Self::new(StatusCode::TOO_MANY_REQUESTS, "too_many", sentence(&error)),
            Error::Unexpected(cause) => {
                tracing::error!("unexpected: {cause}");
                Self::internal()
            }
        }
    }
}

/// An error's text as a sentence that stands alone: the tracker's and the domain's begin small and end without a stop, to
/// stand inside others.
pub fn sentence(error: &impl ToString) -> String {
    let text = error.to_string();
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", letters.as_str().trim_end_matches('.'))
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        if self.status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response.extensions_mut().insert(self);
        response
    }
}

fn page(status: StatusCode, message: &str, id: Option<&str>) -> String {
    let title = status.canonical_reason().unwrap_or("Error");
    let message = escaped(message);
    let id = id.map(|id| format!("<p><small>Request {}</small></p>", escaped(id))).unwrap_or_default();
    format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><meta name=\"color-scheme\" content=\"light dark\">\
         <title>{title} · Groundglass</title></head>\
         <body><main><h1>{title}</h1><p>{message}</p><p><a href=\"/\">Go to Groundglass</a></p>{id}</main></body></html>\n"
    )
}

/// Messages may repeat what the request said (a host, for one).
pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
