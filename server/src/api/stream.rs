//! Responses that are written while they are sent. Memory use does not depend on their size, and a slow reader slows the writer.

use std::io;

use axum::body::{Body, Bytes};
use axum::response::Response;
use futures_util::{StreamExt as _, stream};
use http::HeaderValue;
use http::header::CONTENT_TYPE;
use serde::Serialize;
use tokio::sync::mpsc;
use tracker::ListStream;

const JSON: &str = "application/json";
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
    // Compression polls a body again after its end, which an unfold doesn't allow.
    let mut response = Response::new(Body::from_stream(body.fuse()));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}

/// Returns a response with all items of a list, converted by `item`.
pub fn stream_list<T, R>(mut list: ListStream<T>, item: fn(T) -> R) -> Response
where
    T: Send + 'static,
    R: Serialize + Send + 'static,
{
    stream_response(JSON, move |out| async move {
        let mut out = ListResponseWriter::begin(out);
        while let Some(batch) = list.next_batch().await? {
            for entry in batch {
                out.next_item().value(&item(entry))?;
                out.send_if_full().await?;
            }
        }
        out.finish(list.total(), list.next_offset()).await
    })
}

/// Returns a response with a bare list of ids.
pub fn stream_ids<T: Serialize + Send + 'static>(ids: Vec<T>) -> Response {
    stream_response(JSON, move |mut out| async move {
        let mut separator = "[";
        for id in ids {
            out.text(std::mem::replace(&mut separator, ","));
            out.value(&id)?;
            out.send_if_full().await?;
        }
        out.text(if separator == "[" { "[]" } else { "]" });
        out.finish().await
    })
}

/// Writes the body of a list response, a [`ListResponse`](super::schemas::ListResponse).
pub struct ListResponseWriter {
    out: ResponseWriter,
    is_empty: bool,
}

impl ListResponseWriter {
    pub fn begin(mut out: ResponseWriter) -> Self {
        out.text("{\"items\":[");
        Self { out, is_empty: true }
    }

    /// Begins an item and returns the writer for its JSON.
    pub fn next_item(&mut self) -> &mut ResponseWriter {
        if !std::mem::take(&mut self.is_empty) {
            self.out.text(",");
        }
        &mut self.out
    }

    pub async fn send_if_full(&mut self) -> Result<(), StreamError> {
        self.out.send_if_full().await
    }

    /// Writes the end of the list: the number of items in the whole list and the offset of those that follow.
    pub async fn finish(mut self, total: i64, next_offset: Option<i64>) -> Result<(), StreamError> {
        self.out.text("],\"count\":");
        self.out.value(&total)?;
        self.out.text(",\"next_cursor\":");
        self.out.value(&next_offset.map(|offset| offset.to_string()))?;
        self.out.text("}");
        self.out.finish().await
    }
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
        let mut rest = Bytes::from(std::mem::take(&mut self.buffer));
        // A large value is sent in several chunks, so that the queue never holds several large values.
        while !rest.is_empty() {
            let end = if rest.len() < 2 * CHUNK_BYTES { rest.len() } else { CHUNK_BYTES };
            self.chunks.send(Ok(rest.split_to(end))).await.map_err(|_| StreamError::Disconnected)?;
        }
        self.buffer.reserve(CHUNK_BYTES + CHUNK_BYTES / 4);
        Ok(())
    }
}
