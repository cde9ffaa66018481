//! Limits what a client sends of a multipart form besides its files.
//!
//! The parser keeps all it has received until it finds the end of a part's headers, and searches it from its beginning after each
//! piece. Therefore the fields are limited in bytes, pieces and time.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use futures_util::Stream;
use tokio::time::{Instant, Sleep, sleep};

/// Maximum size of the fields before a file, with their headers and boundaries, in bytes.
const MAX_FIELD_BYTES: usize = 64 * 1024;
/// Maximum number of pieces in which the fields may arrive.
const MAX_FIELD_PIECES: usize = 256;
/// Maximum size of a piece of the fields, in bytes. A part of a file that arrives with the fields is passed on later.
const PIECE_BYTES: usize = 4 * 1024;

/// The body of a form, for the multipart parser.
///
/// It ends with [`FileTooLarge`](io::ErrorKind::FileTooLarge) if the fields are too large, and with
/// [`TimedOut`](io::ErrorKind::TimedOut) if they take too long. Its parser gets one piece at a time, so that it never holds more
/// than it needs.
pub struct FormStream<S> {
    body: Pin<Box<S>>,
    /// What has arrived and is not yet passed on.
    rest: Bytes,
    phase: FormPhase,
    was_in_file: bool,
    field_bytes: usize,
    field_pieces: usize,
    time_limit: Duration,
    deadline: Pin<Box<Sleep>>,
    pauses: bool,
}

/// Tells the stream whether a file is being received, whose size is limited elsewhere. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct FormPhase(Arc<AtomicBool>);

impl FormPhase {
    /// A file begins.
    pub fn begin_file(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// The file has ended.
    pub fn end_file(&self) {
        self.0.store(false, Ordering::Relaxed);
    }
}

impl<S> FormStream<S> {
    /// Wraps the body of a form. The fields before the first file, and those between two files, may take `time_limit`.
    pub fn new(body: S, time_limit: Duration) -> Self {
        Self {
            body: Box::pin(body),
            rest: Bytes::new(),
            phase: FormPhase::default(),
            was_in_file: false,
            field_bytes: 0,
            field_pieces: 0,
            time_limit,
            deadline: Box::pin(sleep(time_limit)),
            pauses: false,
        }
    }

    /// Returns the phase of the form, which the handler sets.
    pub fn phase(&self) -> FormPhase {
        self.phase.clone()
    }

    /// Takes the next piece of the fields. Fails if they are too large.
    fn take_field_piece(&mut self) -> io::Result<Bytes> {
        let piece = self.rest.split_to(self.rest.len().min(PIECE_BYTES));
        self.field_bytes += piece.len();
        self.field_pieces += 1;
        if self.field_bytes > MAX_FIELD_BYTES || self.field_pieces > MAX_FIELD_PIECES {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        Ok(piece)
    }
}

impl<S: Stream<Item = io::Result<Bytes>>> Stream for FormStream<S> {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        // The parser reads as long as there is something, before it parses.
        if std::mem::take(&mut self.pauses) {
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        let in_file = self.phase.0.load(Ordering::Relaxed);
        if std::mem::replace(&mut self.was_in_file, in_file) && !in_file {
            (self.field_bytes, self.field_pieces) = (0, 0);
            let deadline = Instant::now() + self.time_limit;
            self.deadline.as_mut().reset(deadline);
        }
        if !in_file && self.deadline.as_mut().poll(cx).is_ready() {
            return Poll::Ready(Some(Err(io::ErrorKind::TimedOut.into())));
        }
        if self.rest.is_empty() {
            match ready!(self.body.as_mut().poll_next(cx)) {
                Some(Ok(chunk)) => self.rest = chunk,
                other => return Poll::Ready(other),
            }
        }
        self.pauses = true;
        let piece = if in_file { Ok(std::mem::take(&mut self.rest)) } else { self.take_field_piece() };
        Poll::Ready(Some(piece))
    }
}
