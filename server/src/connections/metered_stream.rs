//! A TCP stream that records what the client reads, and adds the security headers to hyper's own error responses.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::{Buf as _, Bytes};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

use super::activity::{Activity, CloseReason};
use super::error_responses::ErrorResponses;

/// The stream of a connection.
#[derive(Debug)]
pub struct MeteredStream {
    stream: TcpStream,
    activity: Arc<Activity>,
    errors: ErrorResponses,
    /// The rest of an error response that is sent in place of hyper's.
    unsent: Bytes,
}

impl MeteredStream {
    /// Wraps the stream of a connection.
    pub fn new(stream: TcpStream, activity: Arc<Activity>, errors: ErrorResponses) -> Self {
        Self { stream, activity, errors, unsent: Bytes::new() }
    }

    fn poll_unsent(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while !self.unsent.is_empty() {
            let written = ready!(Pin::new(&mut self.stream).poll_write(cx, &self.unsent))?;
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.unsent.advance(written);
        }
        Poll::Ready(Ok(()))
    }

    /// Takes an error response of hyper and sends a complete one in its place. Returns `None` for everything else.
    fn replace_error(&mut self, cx: &mut Context<'_>, head: &[u8]) -> Option<Poll<io::Result<usize>>> {
        if !self.activity.has_no_request() {
            return None;
        }
        self.unsent = self.errors.complete(head)?;
        Some(match self.poll_unsent(cx) {
            Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
            _ => Poll::Ready(Ok(head.len())),
        })
    }

    fn record(&self, written: &Poll<io::Result<usize>>) {
        match written {
            Poll::Ready(Ok(bytes)) => self.activity.record_write(Some(*bytes)),
            Poll::Ready(Err(_)) => (),
            Poll::Pending => self.activity.record_write(None),
        }
    }
}

impl AsyncRead for MeteredStream {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl AsyncWrite for MeteredStream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        ready!(self.poll_unsent(cx))?;
        if let Some(replaced) = self.replace_error(cx, bytes) {
            return replaced;
        }
        let written = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.record(&written);
        written
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        ready!(self.poll_unsent(cx))?;
        let mut filled = slices.iter().filter(|slice| !slice.is_empty());
        if let (Some(only), None) = (filled.next(), filled.next())
            && let Some(replaced) = self.replace_error(cx, only)
        {
            return replaced;
        }
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, slices);
        self.record(&written);
        written
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_unsent(cx))?;
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_unsent(cx))?;
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

impl Drop for MeteredStream {
    /// Discards what a client that does not read has in the kernel's send buffer, which would be kept for minutes.
    fn drop(&mut self) {
        if self.activity.close_reason() == Some(CloseReason::SlowReader) {
            let _ = self.stream.set_zero_linger();
        }
    }
}
