//! Request bodies that are files: no total timeout, but an idle timeout.

use std::time::Duration;

use axum::body::Body;
use futures_util::{Stream, StreamExt as _, stream};
use http::HeaderMap;
use http::header::CONTENT_LENGTH;

/// Returns the body as a stream that fails with [`TimedOut`](std::io::ErrorKind::TimedOut) if no data arrives for
/// `idle_timeout`. The total time is not limited, because large files take long.
pub fn with_idle_timeout(
    body: Body,
    idle_timeout: Duration,
) -> impl Stream<Item = std::io::Result<bytes::Bytes>> + Send {
    stream::unfold(Some(body.into_data_stream()), move |body| async move {
        let mut body = body?;
        match tokio::time::timeout(idle_timeout, body.next()).await {
            Ok(Some(Ok(chunk))) => Some((Ok(chunk), Some(body))),
            Ok(Some(Err(error))) => Some((Err(std::io::Error::other(error)), None)),
            Ok(None) => None,
            Err(_) => Some((Err(std::io::ErrorKind::TimedOut.into()), None)),
        }
    })
}

/// Returns the value of the `Content-Length` header, if present and valid.
pub fn content_length(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}
