//! A response body that records whether the client accepts it.

use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use hyper::body::{Body as HttpBody, Frame, SizeHint};

use super::ConnectionPermit;

/// The body of a response. The request ends when it is dropped.
#[derive(Debug)]
pub struct MeteredBody {
    body: Body,
    permit: ConnectionPermit,
    /// Whether the client has not yet accepted the last frame, or the beginning of the response.
    is_unread: bool,
}

impl MeteredBody {
    /// Wraps the body of the response to a request.
    pub fn new(body: Body, permit: ConnectionPermit) -> Self {
        permit.activity().response_unread();
        Self { body, permit, is_unread: true }
    }

    fn set_read(&mut self) {
        if std::mem::take(&mut self.is_unread) {
            self.permit.activity().response_read();
        }
    }
}

impl HttpBody for MeteredBody {
    type Data = Bytes;
    type Error = axum::Error;

    /// Hyper asks for the next frame only when the client has accepted the last one.
    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        self.set_read();
        let frame = Pin::new(&mut self.body).poll_frame(cx);
        if let Poll::Ready(Some(Ok(_))) = &frame {
            self.permit.activity().response_unread();
            self.is_unread = true;
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for MeteredBody {
    fn drop(&mut self) {
        self.set_read();
    }
}
