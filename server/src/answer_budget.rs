//! The memory that large responses may use together until their readers have received them.

use std::convert::Infallible;
use std::sync::Arc;

use axum::body::{Body, Bytes, HttpBody as _};
use axum::response::{IntoResponse as _, Response};
use futures_util::StreamExt as _;
use http::header::CONTENT_LENGTH;
use http::{HeaderValue, StatusCode};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::problem::Problem;

/// Size of responses, in bytes, up to which they do not count.
const MAX_SMALL_BYTES: u64 = 1 << 20;
/// Seconds after which a request that was rejected may be repeated.
const RETRY_AFTER: u64 = 2;

/// Grants memory to complete responses above 1 MiB. Cheap to clone. Responses that are streamed do not need it.
#[derive(Clone, Debug)]
pub struct AnswerBudget {
    free: Arc<Semaphore>,
    total: usize,
}

/// Part of a response, with the permit of the whole response.
struct HeldBytes {
    bytes: Bytes,
    _permit: Arc<OwnedSemaphorePermit>,
}

impl AsRef<[u8]> for HeldBytes {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl AnswerBudget {
    /// Returns a budget of this many bytes.
    pub fn new(total: usize) -> Self {
        Self { free: Arc::new(Semaphore::new(total)), total }
    }

    /// Reserves memory for a response until it is sent or its connection is closed. Responds with 429 if there is not enough.
    pub fn hold(&self, response: Response) -> Response {
        let declared = response.headers().get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
        let Some(bytes) = response.body().size_hint().exact().or(declared).filter(|bytes| *bytes > MAX_SMALL_BYTES)
        else {
            return response;
        };
        // A response that needs more than there is needs all of it.
        let permits = u32::try_from(bytes.min(self.total as u64)).unwrap_or(u32::MAX);
        let Ok(permit) = Arc::clone(&self.free).try_acquire_many_owned(permits) else {
            let message = "The server is sending too much data. Try again in 2 seconds.";
            return Problem::new(StatusCode::TOO_MANY_REQUESTS, "too_many", message)
                .with_retry_after(RETRY_AFTER)
                .into_response();
        };
        let permit = Arc::new(permit);
        let (mut head, body) = response.into_parts();
        head.headers.insert(CONTENT_LENGTH, HeaderValue::from(bytes));
        let hold = move |bytes| Bytes::from_owner(HeldBytes { bytes, _permit: Arc::clone(&permit) });
        let parts = body.into_data_stream().filter_map(|part| std::future::ready(part.ok())).map(hold);
        Response::from_parts(head, Body::from_stream(parts.map(Ok::<_, Infallible>)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn memory_is_held_until_the_response_is_dropped() {
        let budget = AnswerBudget::new(5 << 20);
        let response = |bytes: usize| budget.hold(Body::from(vec![b'x'; bytes]).into_response());
        let first = response(3 << 20);
        assert_eq!(first.headers()[CONTENT_LENGTH], (3 << 20).to_string());
        assert_eq!(response(3 << 20).status(), StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(response(1 << 20).status(), StatusCode::OK, "small responses do not count");
        let mut parts = first.into_body().into_data_stream();
        let part = parts.next().await.unwrap().unwrap();
        drop(parts);
        assert_eq!(response(3 << 20).status(), StatusCode::TOO_MANY_REQUESTS, "the connection still has a part");
        drop(part);
        assert_eq!(response(9 << 20).status(), StatusCode::OK, "a response above the total gets all memory");
        assert_eq!(budget.free.available_permits(), 5 << 20);
    }
}
