//! The server's side of the server functions: who asks, the tracker, and how an answer is given.
//!
//! The server puts what it needs into the context of each request; nothing else in this crate reads it.

use std::{collections::HashMap, net::IpAddr};

use http::{
    HeaderName, HeaderValue, StatusCode,
    header::{ACCEPT, COOKIE, HOST, SET_COOKIE},
    request::Parts,
};
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use tracker::{Actor, Error, Secret, Tracker};

use crate::{AppError, ui::Theme, url_params::local_path};

/// The addresses of the site's files.
#[derive(Debug, Clone)]
pub struct Site {
    /// The style sheet.
    pub css: String,
    /// The JavaScript that loads the WASM.
    pub js: String,
    /// The WASM.
    pub wasm: String,
    /// The chunks of the WASM.
    pub chunks: Chunks,
    /// The library that draws charts, which only pages with charts load.
    pub plotly: Option<String>,
}

/// The addresses of the chunks of the WASM, which come with the pages that need them.
#[derive(Debug, Clone)]
pub struct Chunks {
    /// The folder that they are in.
    pub folder: String,
    /// The JavaScript there that loads them.
    pub loader: &'static str,
    /// For each chunk the files that it consists of, without their ending.
    pub files: HashMap<String, Vec<String>>,
}

/// How the cookie of a session is called and whether it is for TLS only.
#[derive(Debug, Clone, Copy)]
pub struct SessionCookie {
    /// Its name.
    pub name: &'static str,
    /// Whether browsers send it over TLS only.
    pub secure: bool,
}

/// The address that a request came from.
#[derive(Debug, Clone, Copy)]
pub struct ClientAddress(pub IpAddr);

impl From<Error> for AppError {
    /// The unknown is logged here, once, under the request's id.
    fn from(error: Error) -> Self {
        let text = error.to_string();
        match error {
            Error::NotFound(_) => Self::NotFound(text),
            Error::Forbidden(_) => Self::Forbidden(text),
            Error::Conflict(_) => Self::Conflict(text),
            Error::Invalid(_) | Error::Full(_) => Self::Invalid(text),
            Error::TooMany { .. } => Self::TooMany(text),
            Error::Unexpected(cause) => {
                let id = request_id();
                tracing::error!(id, "a page's request {id} failed: {cause}");
                Self::Unexpected { id }
            }
        }
    }
}

/// The tracker.
pub(crate) fn tracker() -> Result<Tracker, AppError> {
    use_context().ok_or_else(|| AppError::Unexpected { id: request_id() })
}

/// Who asks, if somebody is signed in.
pub(crate) fn current_user() -> Option<Actor> {
    use_context::<Option<Actor>>().flatten()
}

/// The tracker and who asks it.
pub(crate) fn authenticated() -> Result<(Tracker, Actor), AppError> {
    Ok((tracker()?, current_user().ok_or(AppError::SignedOut)?))
}

/// The address that the request came from.
pub(crate) fn client_address() -> IpAddr {
    use_context::<ClientAddress>().map_or(IpAddr::from([0, 0, 0, 0]), |address| address.0)
}

/// The address of this server as the reader knows it, without a path.
pub(crate) fn host() -> String {
    let parts = use_context::<Parts>();
    let host = parts.as_ref().and_then(|parts| {
        // HTTP/2 says it in the address.
        let told = parts.headers.get(HOST).and_then(|host| host.to_str().ok());
        told.map(str::to_owned).or_else(|| parts.uri.authority().map(ToString::to_string))
    });
    let secure = use_context::<SessionCookie>().is_some_and(|cookie| cookie.secure);
    format!("{}://{}", if secure { "https" } else { "http" }, host.unwrap_or_else(|| "localhost:3000".to_owned()))
}

/// The theme that the request's cookie names.
pub(crate) fn theme() -> Theme {
    Theme::from_word(&cookie("theme").unwrap_or_default())
}

/// The request's cookie of this name.
fn cookie(name: &str) -> Option<String> {
    let parts = use_context::<Parts>()?;
    let cookies = parts.headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|cookies| cookies.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(named, _)| *named == name).map(|(_, value)| value.to_owned())
}

/// The cookie that carries a token's secret from the form to the page after it, where there are no scripts.
const HANDED: &str = "new-token";

/// Has the next reading of the account show this secret, when the form was sent without scripts. It never stands in an
/// address, where it would be kept.
pub(crate) fn flash_secret(secret: &Secret) {
    if is_plain_form() {
        set_cookie(HANDED, secret.reveal(), "/account", 60);
    }
}

/// The secret that was handed over, which is forgotten by that.
pub(crate) fn take_flashed_secret() -> Option<String> {
    let secret = cookie(HANDED)?;
    set_cookie(HANDED, "", "/account", 0);
    Some(secret)
}

/// Gives the answer this status. A form sent without scripts keeps its redirect, which carries the error along.
pub(crate) fn set_response_status(status: u16) {
    if let (Some(options), Ok(status), false) =
        (use_context::<ResponseOptions>(), StatusCode::from_u16(status), is_plain_form())
    {
        options.set_status(status);
    }
}

/// Leads a form that was sent without scripts to this path of ours; with scripts the page goes on by itself.
pub(crate) fn redirect_without_js(path: &str) {
    if is_plain_form() {
        leptos_axum::redirect(local_path(path));
    }
}

/// Whether a browser sent a form by itself.
fn is_plain_form() -> bool {
    use_context::<Parts>().is_some_and(|parts| {
        let accepts = parts.headers.get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
        parts.uri.path().starts_with("/fn/") && accepts.contains("text/html")
    })
}

/// Adds a header to the answer; a value that is none for HTTP is left out.
pub(crate) fn append_response_header(name: HeaderName, value: &str) {
    if let (Some(options), Ok(value)) = (use_context::<ResponseOptions>(), HeaderValue::from_str(value)) {
        options.append_header(name, value);
    }
}

/// Lets the browser hold on to a session.
pub(crate) fn set_session(secret: &Secret) {
    const NINETY_DAYS: u32 = 90 * 24 * 3_600;
    set_session_cookie(secret.reveal(), NINETY_DAYS);
}

/// Lets the browser forget its session.
pub(crate) fn clear_session() {
    set_session_cookie("", 0);
}

fn set_session_cookie(value: &str, seconds: u32) {
    if let Some(SessionCookie { name, .. }) = use_context() {
        set_cookie(name, value, "/", seconds);
    }
}

/// Sets a cookie that scripts in the page cannot read.
fn set_cookie(name: &str, value: &str, path: &str, seconds: u32) {
    let secure = use_context::<SessionCookie>().is_some_and(|cookie| cookie.secure);
    let secure = if secure { "; Secure" } else { "" };
    let cookie = format!("{name}={value}; Path={path}; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
    append_response_header(SET_COOKIE, &cookie);
}

fn request_id() -> String {
    let given = use_context::<Parts>()
        .and_then(|parts| parts.headers.get("x-request-id").and_then(|id| id.to_str().ok()).map(str::to_owned));
    given.unwrap_or_else(|| uuid::Uuid::now_v7().to_string())
}
