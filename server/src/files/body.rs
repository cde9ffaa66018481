//! Bodies that are files: as long as they are, but never silent for long.

use std::time::Duration;

use axum::body::Body;
use futures_util::{Stream, StreamExt as _, stream};
use http::HeaderMap;
use http::header::CONTENT_LENGTH;

/// The body, given up when nothing comes for that long. A large file may take its time; a silent sender may not.
pub fn never_silent(body: Body, patience: Duration) -> impl Stream<Item = std::io::Result<bytes::Bytes>> + Send {
    stream::unfold(Some(body.into_data_stream()), move |body| async move {
        let mut body = body?;
        match tokio::time::timeout(patience, body.next()).await {
            Ok(Some(Ok(chunk))) => Some((Ok(chunk), Some(body))),
            Ok(Some(Err(error))) => Some((Err(std::io::Error::other(error)), None)),
            Ok(None) => None,
            Err(_) => Some((Err(std::io::ErrorKind::TimedOut.into()), None)),
        }
    })
}

/// How long the body says that it is.
pub fn announced(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}
