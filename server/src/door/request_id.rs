//! Request ids from outside: kept when they look like ids, replaced when they do not.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use http::HeaderName;

/// Where a request's id stands, on the way in and out.
pub const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Drops an id that is no short word: it goes into logs and answers.
pub async fn refuse_strange(mut request: Request, next: Next) -> Response {
    let strange = request.headers().get(X_REQUEST_ID).is_some_and(|id| !is_word(id.as_bytes()));
    if strange {
        request.headers_mut().remove(X_REQUEST_ID);
    }
    next.run(request).await
}

fn is_word(id: &[u8]) -> bool {
    (1..=64).contains(&id.len()) && id.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(byte))
}
