//! Error responses: a status, an error code for programs, and a message for people.
//!
//! A handler returns a [`Problem`]. The middleware `error_body` renders it as JSON or HTML, because only the middleware knows the
//! request. Errors within pages are rendered by the pages.

use std::borrow::Cow;

use app::AppError;
use axum::Json;
use axum::response::{Html, IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde_json::json;

/// An error response before it is rendered.
#[derive(Clone, Debug)]
pub struct Problem {
    status: StatusCode,
    code: &'static str,
    message: Cow<'static, str>,
    /// Seconds after which a retry may succeed, for the header `Retry-After`.
    retry_after: Option<u64>,
}

/// The format of an error body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorFormat {
    /// `{code, message, id}` as JSON, for programs.
    Json,
    /// An `AppError` as JSON, for pages that call server functions.
    Function,
    /// A small HTML page without styles and scripts.
    Page,
    /// The message as plain text.
    Text,
}

impl Problem {
    /// Returns a problem. The message says what is wrong and, where possible, what to do.
    pub fn new(status: StatusCode, code: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        Self { status, code, message: message.into(), retry_after: None }
    }

    /// Returns the problem with the header `Retry-After`.
    pub fn with_retry_after(self, seconds: u64) -> Self {
        Self { retry_after: Some(seconds), ..self }
    }

    /// Returns a problem with a generic message for a status, for layers that know nothing else.
    pub fn from_status(status: StatusCode) -> Self {
        let (code, message) = match status {
            StatusCode::NOT_FOUND => ("not_found", "Nothing exists at this address."),
            StatusCode::METHOD_NOT_ALLOWED => (
                "method_not_allowed",
                "This endpoint does not support the method. The Allow header lists supported methods.",
            ),
            StatusCode::REQUEST_TIMEOUT => ("timeout", "The request took too long to arrive."),
            StatusCode::SERVICE_UNAVAILABLE => {
                ("unavailable", "The server did not respond in time. Try again in a moment.")
            }
            StatusCode::PAYLOAD_TOO_LARGE => ("too_large", "The request is too large for this endpoint."),
            status if status.is_server_error() => {
                ("internal", "The server failed. Its log has details under the id of this response.")
            }
            _ => ("bad_request", "The request is malformed."),
        };
        Self::new(status, code, message)
    }

    /// Returns a generic internal error. The log has the details.
    pub fn internal() -> Self {
        Self::from_status(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// Returns the status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Renders the response. `id` is the request id, which is also in the log.
    pub(crate) fn to_response(&self, form: ErrorFormat, id: Option<&str>) -> Response {
        let Self { status, code, message, .. } = self;
        match form {
            ErrorFormat::Json => Json(json!({ "code": code, "message": message, "id": id })).into_response(),
            ErrorFormat::Function => Json(self.to_app_error(id)).into_response(),
            ErrorFormat::Page => Html(error_page(*status, message, id)).into_response(),
            ErrorFormat::Text => format!("{message}\n").into_response(),
        }
    }

    /// Converts to the error that pages show, with the closest variant.
    fn to_app_error(&self, id: Option<&str>) -> AppError {
        let message = self.message.clone().into_owned();
        match self.status {
            StatusCode::UNAUTHORIZED => AppError::SignedOut,
            StatusCode::FORBIDDEN => AppError::Forbidden(message),
            StatusCode::NOT_FOUND => AppError::NotFound(message),
            StatusCode::SERVICE_UNAVAILABLE => AppError::Unavailable(message),
            StatusCode::INSUFFICIENT_STORAGE => AppError::Full(message),
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
            Error::NotFound(_) => Self::new(StatusCode::NOT_FOUND, "not_found", to_sentence(&error)),
            Error::Forbidden(_) => Self::new(StatusCode::FORBIDDEN, "forbidden", to_sentence(&error)),
            Error::Conflict(_) => Self::new(StatusCode::CONFLICT, "conflict", to_sentence(&error)),
            Error::Invalid(_) => Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", to_sentence(&error)),
            Error::Full(_) => Self::new(StatusCode::INSUFFICIENT_STORAGE, "full", to_sentence(&error)),
            Error::Unavailable { .. } => {
                tracing::error!("{}", error.with_cause());
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", to_sentence(&error))
                    .with_retry_after(Error::RETRY_SECONDS)
            }
            Error::TooMany { after_seconds } | Error::Busy { after_seconds } => {
                Self::new(StatusCode::TOO_MANY_REQUESTS, "too_many", to_sentence(&error))
                    .with_retry_after(after_seconds)
            }
            Error::Unexpected(cause) => {
                tracing::error!("internal error: {cause}");
                Self::internal()
            }
        }
    }
}

/// Returns an error message as a complete sentence, with a capital letter and a full stop. Messages of `tracker` and `domain` begin
/// in lowercase, so that they can be embedded in others.
pub fn to_sentence(error: &impl ToString) -> String {
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
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
        }
        response.extensions_mut().insert(self);
        response
    }
}

fn error_page(status: StatusCode, message: &str, id: Option<&str>) -> String {
    let title = status.canonical_reason().unwrap_or("Error");
    let message = escape_html(message);
    let id = id.map(|id| format!("<p><small>Request {}</small></p>", escape_html(id))).unwrap_or_default();
    format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><meta name=\"color-scheme\" content=\"light dark\">\
         <title>{title} · Groundglass</title></head>\
         <body><main><h1>{title}</h1><p>{message}</p><p><a href=\"/\">Go to Groundglass</a></p>{id}</main></body></html>\n"
    )
}

/// Escapes text for HTML. Messages may contain input, such as a host name.
pub(crate) fn escape_html(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use tracker::Error;

    use super::*;

    #[test]
    fn tracker_errors_have_a_status_a_code_and_a_sentence() {
        let unavailable = Error::Unavailable { reason: "the database does not respond".to_owned(), cause: None };
        for (error, status, code, message, retry_after) in [
            (Error::NotFound("log"), 404, "not_found", "There is no such log, or you may not see it.", None),
            (Error::Conflict("taken".to_owned()), 409, "conflict", "Taken.", None),
            (Error::Invalid("wrong".to_owned()), 422, "invalid", "Wrong.", None),
            (Error::Full("no space left".to_owned()), 507, "full", "No space left.", None),
            (unavailable, 503, "unavailable", "The database does not respond.", Some(5)),
            (
                Error::TooMany { after_seconds: 7 },
                429,
                "too_many",
                "Too many attempts; try again in 7 seconds.",
                Some(7),
            ),
            (
                Error::Unexpected("secret".into()),
                500,
                "internal",
                "The server failed. Its log has details under the id of this response.",
                None,
            ),
        ] {
            let problem = Problem::from(error);
            assert_eq!(
                (problem.status.as_u16(), problem.code, &*problem.message, problem.retry_after),
                (status, code, message, retry_after)
            );
            if matches!(status, 503 | 507) {
                assert_eq!(problem.to_app_error(None).status(), status, "pages show the same status");
            }
        }
    }
}
