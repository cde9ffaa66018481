//! `GET /api/docs`: the API documentation as a page, rendered from the OpenAPI document so that both always agree.
//!
//! Plain HTML without scripts.

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

use self::html::escape_html;
use super::document::document;
use crate::access::Access;
use crate::hosts::Host;
use crate::problem::Problem;
use crate::routes::Route;
use crate::server::Server;

/// The content security policy of the pages without scripts and forms, which this page does not have.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'none'; base-uri 'none'; \
                      frame-ancestors 'none'; object-src 'none'";

/// Returns the route of the page. It is public, like `/api/openapi.json`, because it contains no stored data.
pub fn routes() -> Vec<Route> {
    vec![Route::get("/api/docs", Access::Open, api_docs)]
}

async fn api_docs(
    State(server): State<Server>,
    Extension(host): Extension<Host>,
    headers: HeaderMap,
) -> Result<([(HeaderName, &'static str); 1], Html<String>), Problem> {
    let document = serde_json::to_value(document()).map_err(|_| Problem::internal())?;
    let style = server.site.path("groundglass.css");
    let page = render_page(&document, &server.hosts.url(&host), style.as_deref(), theme_from_cookie(&headers));
    Ok(([(CONTENT_SECURITY_POLICY, POLICY)], Html(page)))
}

/// Returns the theme that the reader chose on the pages, from its cookie.
fn theme_from_cookie(headers: &HeaderMap) -> Theme {
    let cookies = headers.get_all(COOKIE).iter().filter_map(|cookies| cookies.to_str().ok());
    let mut pairs = cookies.flat_map(|cookies| cookies.split(';'));
    pairs.find_map(|pair| pair.trim().strip_prefix("theme=")).map(Theme::from_name).unwrap_or_default()
}

/// Renders the whole page. `url` is the server's base URL in examples. Without a style sheet, the page is plain but complete.
fn render_page(document: &Value, url: &str, style: Option<&str>, theme: Theme) -> String {
    let style =
        style.map(|path| format!("<link rel=\"stylesheet\" href=\"{}\">", escape_html(path))).unwrap_or_default();
    let theme = theme.attribute().map(|theme| format!(" data-theme=\"{theme}\"")).unwrap_or_default();
    let (contents, introduction) = (contents::contents_html(document), introduction::introduction_html(document, url));
    let groups: String = operation::tags(document).into_iter().map(|tag| tag_section(document, url, tag)).collect();
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

/// Renders the operations of one tag.
fn tag_section(document: &Value, url: &str, tag: &str) -> String {
    let operations: String = operation::with_tag(document, tag).iter().map(|one| one.html(document, url)).collect();
    let (tag, anchor) = (escape_html(tag), contents::anchor(tag));
    format!(
        "<section class=\"docs-group\" aria-labelledby=\"{anchor}\"><div class=\"docs-group-head\"><h2 id=\"{anchor}\">{tag}</h2>\
         <a href=\"#contents\">Contents</a></div>{operations}</section>"
    )
}

#[cfg(test)]
mod tests;
