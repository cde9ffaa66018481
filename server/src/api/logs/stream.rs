//! Answers written while they are sent: their size costs no memory, and a reader that is slow holds the writer up.

use std::io;

use axum::body::{Body, Bytes};
use axum::response::Response;
use futures_util::stream;
use http::HeaderValue;
use http::header::CONTENT_TYPE;
use serde::Serialize;
use tokio::sync::mpsc;

/// What is gathered before it is sent.
const PIECE: usize = 64 * 1024;
/// Pieces that wait for the reader.
const WAITING: usize = 4;

/// Why an answer ends before its end. The connection ends as well then, so that nobody takes it for whole.
#[derive(Debug)]
pub enum StreamError {
    /// The reader has gone.
    Disconnected,
    /// Something failed.
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

/// The body of an answer, for who writes it.
pub struct ResponseWriter {
    buffer: Vec<u8>,
    pieces: mpsc::Sender<io::Result<Bytes>>,
}

/// An answer that `write` writes, in a task beside the one that sends it.
pub fn stream_response<F>(kind: &'static str, write: impl FnOnce(ResponseWriter) -> F) -> Response
where
    F: Future<Output = Result<(), StreamError>> + Send + 'static,
{
    let (pieces, waiting) = mpsc::channel(WAITING);
    let written = write(ResponseWriter { buffer: Vec::with_capacity(PIECE), pieces: pieces.clone() });
    tokio::spawn(async move {
        if let Err(StreamError::Failed(error)) = written.await {
            tracing::error!("an answer broke off: {error:?}");
            // Authenticated reads may have gone as well.
            drop(pieces.send(Err(io::Error::other("the answer broke off"))).await);
        }
    });
    let body = stream::unfold(waiting, async |mut waiting| waiting.recv().await.map(|piece| (piece, waiting)));
    let mut response = Response::new(Body::from_stream(body));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
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

    /// Takes the last byte back: the end of an object that goes on.
    pub fn reopen(&mut self) {
        self.buffer.pop();
    }

    /// Sends what was gathered, when it is enough. To be called now and then.
    pub async fn send_if_full(&mut self) -> Result<(), StreamError> {
        if self.buffer.len() < PIECE { Ok(()) } else { self.send().await }
    }

    /// Sends the rest.
    pub async fn finish(mut self) -> Result<(), StreamError> {
        if self.buffer.is_empty() { Ok(()) } else { self.send().await }
    }

    async fn send(&mut self) -> Result<(), StreamError> {
        let piece = std::mem::replace(&mut self.buffer, Vec::with_capacity(PIECE + PIECE / 4));
        self.pieces.send(Ok(piece.into())).await.map_err(|_| StreamError::Disconnected)
    }
}
