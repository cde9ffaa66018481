//! Request ids from clients: kept if they look like ids, otherwise replaced.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use http::HeaderName;

/// The header with the request id, in requests and responses.
pub const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Removes an id with other than 1–64 letters, digits, `-` and `_`, because ids are written to logs and responses.
pub async fn sanitize(mut request: Request, next: Next) -> Response {
    let invalid = request.headers().get(X_REQUEST_ID).is_some_and(|id| !is_valid_id(id.as_bytes()));
    if invalid {
        request.headers_mut().remove(X_REQUEST_ID);
    }
    next.run(request).await
}

fn is_valid_id(id: &[u8]) -> bool {
    (1..=64).contains(&id.len()) && id.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(byte))
}
