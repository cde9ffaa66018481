//! The request context of server functions: the tracker, the current user, cookies and response headers.
//!
//! The server provides these values as Leptos context for each request. Only this module reads them.

use std::{collections::HashMap, net::IpAddr};

use http::{
    HeaderName, HeaderValue, StatusCode,
    header::{ACCEPT, COOKIE, HOST, RETRY_AFTER, SET_COOKIE},
    request::Parts,
};
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use tracker::{Actor, Error, Secret, Tracker};

use crate::{AppError, ui::Theme, url_params::local_path};

/// URLs of the site's static files.
#[derive(Debug, Clone)]
pub struct Site {
    /// The style sheet.
    pub css: String,
    /// The JavaScript that loads the WASM.
    pub js: String,
    /// The WASM.
    pub wasm: String,
    /// The chunks that the WASM is split into.
    pub chunks: Chunks,
    /// The chart library (plotly.js), loaded only by pages with charts.
    pub plotly: Option<String>,
}

/// URLs of the WASM chunks. A page loads only the chunks that it needs.
#[derive(Debug, Clone)]
pub struct Chunks {
    /// The URL of the folder that contains them.
    pub folder: String,
    /// The file name of the JavaScript module that loads them.
    pub loader: &'static str,
    /// The files of each chunk by chunk name, without their extension.
    pub files: HashMap<String, Vec<String>>,
}

/// Name and security of the session cookie.
#[derive(Debug, Clone, Copy)]
pub struct SessionCookie {
    /// The cookie's name.
    pub name: &'static str,
    /// Whether browsers send the cookie over TLS only.
    pub secure: bool,
}

/// The IP address that a request came from.
#[derive(Debug, Clone, Copy)]
pub struct ClientAddress(pub IpAddr);

impl From<Error> for AppError {
    /// Converts a tracker error. Logs a failure of the server with the request's id, and sets `Retry-After` where a retry may
    /// succeed.
    fn from(error: Error) -> Self {
        let text = error.to_string();
        match error {
            Error::NotFound(_) => Self::NotFound(text),
            Error::Forbidden(_) => Self::Forbidden(text),
            Error::Conflict(_) => Self::Conflict(text),
            Error::Invalid(_) => Self::Invalid(text),
            Error::Full(_) => Self::Full(text),
            Error::Unavailable { .. } => {
                let id = request_id();
                tracing::error!(id, "request {id} of a page failed: {}", error.with_cause());
                append_retry_after(Error::RETRY_SECONDS);
                Self::Unavailable(text)
            }
            Error::TooMany { after_seconds } | Error::Busy { after_seconds } => {
                append_retry_after(after_seconds);
                Self::TooMany(text)
            }
            Error::Unexpected(cause) => {
                let id = request_id();
                tracing::error!(id, "request {id} of a page failed: {cause}");
                Self::Unexpected { id }
            }
        }
    }
}

/// Returns the tracker.
pub(crate) fn tracker() -> Result<Tracker, AppError> {
    use_context().ok_or_else(|| AppError::Unexpected { id: request_id() })
}

/// Returns the signed-in user, or `None` if the request has no valid session.
pub(crate) fn current_user() -> Option<Actor> {
    use_context::<Option<Actor>>().flatten()
}

/// Returns the tracker and the signed-in user.
///
/// # Errors
/// Returns [`AppError::SignedOut`] if the request has no valid session.
pub(crate) fn authenticated() -> Result<(Tracker, Actor), AppError> {
    Ok((tracker()?, current_user().ok_or(AppError::SignedOut)?))
}

/// Returns the IP address that the request came from.
pub(crate) fn client_address() -> IpAddr {
    use_context::<ClientAddress>().map_or(IpAddr::from([0, 0, 0, 0]), |address| address.0)
}

/// Returns this server's origin as the browser sees it: scheme and host, without a path.
pub(crate) fn host() -> String {
    let parts = use_context::<Parts>();
    let host = parts.as_ref().and_then(|parts| {
        // HTTP/2 requests have the host in the URI instead of a header.
        let header = parts.headers.get(HOST).and_then(|host| host.to_str().ok());
        header.map(str::to_owned).or_else(|| parts.uri.authority().map(ToString::to_string))
    });
    let secure = use_context::<SessionCookie>().is_some_and(|cookie| cookie.secure);
    format!("{}://{}", if secure { "https" } else { "http" }, host.unwrap_or_else(|| "localhost:3000".to_owned()))
}

/// Returns the theme from the request's `theme` cookie.
pub(crate) fn theme() -> Theme {
    Theme::from_name(&request_cookie("theme").unwrap_or_default())
}

/// Returns the value of the request's cookie `name`.
fn request_cookie(name: &str) -> Option<String> {
    let parts = use_context::<Parts>()?;
    let cookies = parts.headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|cookies| cookies.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(key, _)| *key == name).map(|(_, value)| value.to_owned())
}

/// Cookie that carries a new token's secret from a form submitted without JavaScript to the page that follows.
const FLASH_COOKIE: &str = "new-token";

/// Stores a new token's secret for the next view of the account page if the form was submitted without JavaScript.
///
/// The secret travels in a cookie that expires after 60 seconds, because a URL would keep it in histories and logs.
pub(crate) fn flash_secret(secret: &Secret) {
    if is_plain_form() {
        set_cookie(FLASH_COOKIE, secret.reveal(), "/account", 60);
    }
}

/// Returns the secret stored by [`flash_secret`] and deletes it.
pub(crate) fn take_flashed_secret() -> Option<String> {
    let secret = request_cookie(FLASH_COOKIE)?;
    set_cookie(FLASH_COOKIE, "", "/account", 0);
    Some(secret)
}

/// Sets the response's status, except for a form submitted without JavaScript: its redirect carries the error.
pub(crate) fn set_response_status(status: u16) {
    if let (Some(options), Ok(status), false) =
        (use_context::<ResponseOptions>(), StatusCode::from_u16(status), is_plain_form())
    {
        options.set_status(status);
    }
}

/// Redirects a form submitted without JavaScript to a local path. With JavaScript, the page itself navigates.
pub(crate) fn redirect_without_js(path: &str) {
    if is_plain_form() {
        leptos_axum::redirect(local_path(path));
    }
}

/// Returns whether the browser submitted a form without JavaScript.
fn is_plain_form() -> bool {
    use_context::<Parts>().is_some_and(|parts| {
        let accepts = parts.headers.get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
        parts.uri.path().starts_with("/fn/") && accepts.contains("text/html")
    })
}

/// Adds the header `Retry-After`, except to the redirect of a plain form, which it would delay.
fn append_retry_after(seconds: u64) {
    if !is_plain_form() {
        append_response_header(RETRY_AFTER, &seconds.to_string());
    }
}

/// Adds a header to the response. Ignores a value that is invalid in HTTP.
pub(crate) fn append_response_header(name: HeaderName, value: &str) {
    if let (Some(options), Ok(value)) = (use_context::<ResponseOptions>(), HeaderValue::from_str(value)) {
        options.append_header(name, value);
    }
}

/// Sets the session cookie, valid for 90 days.
pub(crate) fn set_session(secret: &Secret) {
    const NINETY_DAYS: u32 = 90 * 24 * 3_600;
    set_session_cookie(secret.reveal(), NINETY_DAYS);
}

/// Deletes the session cookie.
pub(crate) fn clear_session() {
    set_session_cookie("", 0);
}

fn set_session_cookie(value: &str, seconds: u32) {
    if let Some(SessionCookie { name, .. }) = use_context() {
        set_cookie(name, value, "/", seconds);
    }
}

/// Sets an `HttpOnly` cookie that expires after `seconds`; zero deletes it.
fn set_cookie(name: &str, value: &str, path: &str, seconds: u32) {
    let secure = use_context::<SessionCookie>().is_some_and(|cookie| cookie.secure);
    let secure = if secure { "; Secure" } else { "" };
    let cookie = format!("{name}={value}; Path={path}; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
    append_response_header(SET_COOKIE, &cookie);
}

/// Returns the request's `x-request-id`, or a new id.
pub(crate) fn request_id() -> String {
    let header = use_context::<Parts>()
        .and_then(|parts| parts.headers.get("x-request-id").and_then(|id| id.to_str().ok()).map(str::to_owned));
    header.unwrap_or_else(|| uuid::Uuid::now_v7().to_string())
}
