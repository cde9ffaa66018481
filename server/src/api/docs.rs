//! `GET /api/docs`: the API's description as a page, for people. Written here from the document that programs read, so that
//! the two never differ; plain HTML, which needs no script.

mod command;
mod contents;
mod example;
mod html;
mod introduction;
mod json;
mod operation;
mod parameters;
mod responses;
mod schema;

use app::ui::Theme;
use axum::Extension;
use axum::extract::State;
use axum::response::Html;
use http::header::{CONTENT_SECURITY_POLICY, COOKIE};
use http::{HeaderMap, HeaderName};
use serde_json::Value;

use self::html::escaped;
use super::document::document;
use crate::access::Access;
use crate::hosts::Host;
use crate::problem::Problem;
use crate::routes::Route;
use crate::server::Server;

/// The pages' own, without what they need for scripts and forms: there are none here.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'none'; base-uri 'none'; \
                      frame-ancestors 'none'; object-src 'none'";

/// Open to everyone, as `/api/openapi.json` is: it says how to ask and nothing of what is kept here.
pub fn routes() -> Vec<Route> {
    vec![Route::get("/api/docs", Access::Open, docs)]
}

async fn docs(
    State(server): State<Server>,
    Extension(host): Extension<Host>,
    headers: HeaderMap,
) -> Result<([(HeaderName, &'static str); 1], Html<String>), Problem> {
    let document = serde_json::to_value(document()).map_err(|_| Problem::internal())?;
    let style = server.site.path("groundglass.css");
    let page = page(&document, &server.hosts.url(&host), style.as_deref(), theme(&headers));
    Ok(([(CONTENT_SECURITY_POLICY, POLICY)], Html(page)))
}

/// The theme that the reader chose on the pages, which a cookie remembers.
fn theme(headers: &HeaderMap) -> Theme {
    let cookies = headers.get_all(COOKIE).iter().filter_map(|cookies| cookies.to_str().ok());
    let mut pairs = cookies.flat_map(|cookies| cookies.split(';'));
    pairs.find_map(|pair| pair.trim().strip_prefix("theme=")).map(Theme::from_word).unwrap_or_default()
}

/// The whole page, for somebody who reached the server under `url`. Without a style sheet it is plain but complete.
fn page(document: &Value, url: &str, style: Option<&str>, theme: Theme) -> String {
    let style = style.map(|path| format!("<link rel=\"stylesheet\" href=\"{}\">", escaped(path))).unwrap_or_default();
    let theme = theme.attribute().map(|word| format!(" data-theme=\"{word}\"")).unwrap_or_default();
    let (contents, introduction) = (contents::html(document), introduction::html(document, url));
    let groups: String = operation::tags(document).into_iter().map(|tag| group(document, url, tag)).collect();
    format!(
        "<!doctype html>\n<html lang=\"en\"{theme}><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light dark\"><title>API · Groundglass</title>\
         <link rel=\"icon\" href=\"/favicon.ico\" type=\"image/svg+xml\">{style}</head><body>\
         <a class=\"skip-link\" href=\"#content\">Skip to content</a><div class=\"docs\">\
         <header class=\"docs-side\"><p class=\"docs-home\"><a href=\"/\">Groundglass</a></p>{contents}</header>\
         <main class=\"docs-content\" id=\"content\" tabindex=\"-1\"><h1>API</h1>{introduction}{groups}</main>\
         </div></body></html>\n"
    )
}

/// All operations of one noun.
fn group(document: &Value, url: &str, tag: &str) -> String {
    let operations: String = operation::of(document, tag).iter().map(|one| one.html(document, url)).collect();
    let (tag, anchor) = (escaped(tag), contents::anchor(tag));
    format!(
        "<section class=\"docs-group\" aria-labelledby=\"{anchor}\"><div class=\"docs-group-head\"><h2 id=\"{anchor}\">{tag}</h2>\
         <a href=\"#contents\">Contents</a></div>{operations}</section>"
    )
}

#[cfg(test)]
mod tests;
