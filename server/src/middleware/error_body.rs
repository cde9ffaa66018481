//! Renders error bodies in the format that the client accepts.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use http::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE};

use super::request_id::X_REQUEST_ID;
use crate::problem::{ErrorFormat, Problem};

/// Renders the body of every [`Problem`], and of errors that other layers return without a body. Errors with a body, such as those
/// of pages and server functions, are passed on unchanged.
pub async fn render(request: Request, next: Next) -> Response {
    let form = error_format(&request);
    let id = request.headers().get(X_REQUEST_ID).cloned();
    let mut response = next.run(request).await;

    let problem = response.extensions_mut().remove::<Problem>().or_else(|| problem_without_body(&response));
    let Some(problem) = problem else { return response };

    let rendered = problem.to_response(form, id.as_ref().and_then(|id| id.to_str().ok()));
    let (mut head, _) = response.into_parts();
    head.headers.remove(CONTENT_LENGTH);
    head.headers.extend(rendered.headers().clone());
    Response::from_parts(head, rendered.into_body())
}

fn problem_without_body(response: &Response) -> Option<Problem> {
    let status = response.status();
    let is_error = status.is_client_error() || status.is_server_error();
    let has_body = response.headers().contains_key(CONTENT_TYPE);
    (is_error && !has_body).then(|| Problem::from_status(status))
}

/// Returns the error format for a request. The API always uses JSON. Elsewhere the `Accept` header decides: browsers request HTML
/// for pages and for forms without JavaScript.
fn error_format(request: &Request) -> ErrorFormat {
    let path = request.uri().path();
    let accepts = |kind| {
        request.headers().get_all(ACCEPT).iter().any(|accept| accept.to_str().is_ok_and(|accept| accept.contains(kind)))
    };
    if is_api_path(path) {
        ErrorFormat::Json
    } else if accepts("text/html") {
        ErrorFormat::Page
    } else if path.starts_with("/fn/") {
        ErrorFormat::Function
    } else if accepts("application/json") {
        ErrorFormat::Json
    } else {
        ErrorFormat::Text
    }
}

/// Returns whether a path belongs to the API, whether or not it has a route.
pub fn is_api_path(path: &str) -> bool {
    ["/api", "/sdk"]
        .iter()
        .any(|prefix| path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
}
