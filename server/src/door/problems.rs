//! Gives an error the form that its caller reads.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use http::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE};

use super::request_id::X_REQUEST_ID;
use crate::problem::{Form, Problem};

/// Writes the body of every [`Problem`], and of errors that layers answer without one.
/// Errors that come with a body (a page's own, a server function's) pass as they are.
pub async fn give_form(request: Request, next: Next) -> Response {
    let form = form(&request);
    let id = request.headers().get(X_REQUEST_ID).cloned();
    let mut response = next.run(request).await;

    let problem = response.extensions_mut().remove::<Problem>().or_else(|| bare(&response));
    let Some(problem) = problem else { return response };

    let written = problem.written(form, id.as_ref().and_then(|id| id.to_str().ok()));
    let (mut head, _) = response.into_parts();
    head.headers.remove(CONTENT_LENGTH);
    head.headers.extend(written.headers().clone());
    Response::from_parts(head, written.into_body())
}

fn bare(response: &Response) -> Option<Problem> {
    let status = response.status();
    let is_error = status.is_client_error() || status.is_server_error();
    let has_body = response.headers().contains_key(CONTENT_TYPE);
    (is_error && !has_body).then(|| Problem::bare(status))
}

/// Scripts' addresses speak JSON, always. Elsewhere the caller says what it reads: a browser that
/// shows a page, also after sending a form without JavaScript, asks for HTML.
fn form(request: &Request) -> Form {
    let path = request.uri().path();
    let accepts = |kind| {
        request.headers().get_all(ACCEPT).iter().any(|accept| accept.to_str().is_ok_and(|accept| accept.contains(kind)))
    };
    if is_for_scripts(path) {
        Form::Json
    } else if accepts("text/html") {
        Form::Page
    } else if path.starts_with("/fn/") {
        Form::Function
    } else if accepts("application/json") {
        Form::Json
    } else {
        Form::Text
    }
}

/// Whether an address belongs to scripts, whether or not something is there.
pub fn is_for_scripts(path: &str) -> bool {
    ["/api", "/sdk"]
        .iter()
        .any(|prefix| path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
}
