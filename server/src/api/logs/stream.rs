//! Responses that are written while they are sent. Memory use does not depend on their size, and a slow reader slows the writer.

use std::io;

use axum::body::{Body, Bytes};
use axum::response::Response;
use futures_util::stream;
use http::HeaderValue;
use http::header::CONTENT_TYPE;
use serde::Serialize;
use tokio::sync::mpsc;

/// Number of bytes buffered before they are sent.
const CHUNK_BYTES: usize = 64 * 1024;
/// Maximum number of chunks waiting for the reader.
const MAX_QUEUED_CHUNKS: usize = 4;

/// Why a response ended early. The connection is then closed, so that the reader does not take it for complete.
#[derive(Debug)]
pub enum StreamError {
    /// The reader disconnected.
    Disconnected,
    /// Reading the data failed.
    Failed(tracker::Error),
}

impl From<tracker::Error> for StreamError {
    fn from(error: tracker::Error) -> Self {
        Self::Failed(error)
    }
}

impl From<serde_json::Error> for StreamError {
    fn from(error: serde_json::Error) -> Self {
        Self::Failed(tracker::Error::Unexpected(error.into()))
    }
}

/// Writes the body of a streamed response.
pub struct ResponseWriter {
    buffer: Vec<u8>,
    chunks: mpsc::Sender<io::Result<Bytes>>,
}

/// Returns a response whose body `write` writes in a task of its own.
pub fn stream_response<F>(content_type: &'static str, write: impl FnOnce(ResponseWriter) -> F) -> Response
where
    F: Future<Output = Result<(), StreamError>> + Send + 'static,
{
    let (chunks, queued) = mpsc::channel(MAX_QUEUED_CHUNKS);
    let written = write(ResponseWriter { buffer: Vec::with_capacity(CHUNK_BYTES), chunks: chunks.clone() });
    tokio::spawn(async move {
        if let Err(StreamError::Failed(error)) = written.await {
            tracing::error!("a streamed response failed: {error:?}");
            // Fails only if the reader has disconnected too.
            drop(chunks.send(Err(io::Error::other("the response was interrupted"))).await);
        }
    });
    let body = stream::unfold(queued, async |mut queued| queued.recv().await.map(|chunk| (chunk, queued)));
    let mut response = Response::new(Body::from_stream(body));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}

impl ResponseWriter {
    /// Writes text.
    pub fn text(&mut self, text: &str) {
        self.buffer.extend_from_slice(text.as_bytes());
    }

    /// Writes a value as JSON.
    pub fn value(&mut self, value: &impl Serialize) -> Result<(), StreamError> {
        Ok(serde_json::to_writer(&mut self.buffer, value)?)
    }

    /// Removes the last byte, the closing brace of an object to be continued.
    pub fn reopen(&mut self) {
        self.buffer.pop();
    }

    /// Sends the buffer if it is full. Call this regularly while writing.
    pub async fn send_if_full(&mut self) -> Result<(), StreamError> {
        if self.buffer.len() < CHUNK_BYTES { Ok(()) } else { self.send().await }
    }

    /// Sends the rest of the buffer.
    pub async fn finish(mut self) -> Result<(), StreamError> {
        if self.buffer.is_empty() { Ok(()) } else { self.send().await }
    }

    async fn send(&mut self) -> Result<(), StreamError> {
        let chunk = std::mem::replace(&mut self.buffer, Vec::with_capacity(CHUNK_BYTES + CHUNK_BYTES / 4));
        self.chunks.send(Ok(chunk.into())).await.map_err(|_| StreamError::Disconnected)
    }
}
