//! Shutdown signal for streams, and waiting for their end.
//!
//! HTTP connections end gracefully on their own. A WebSocket is no longer HTTP and must be told to close.

use tokio_util::sync::{CancellationToken, WaitForCancellationFuture};
use tokio_util::task::TaskTracker;
use tokio_util::task::task_tracker::TaskTrackerToken;

/// The shutdown signal, shared by all streams. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Shutdown {
    requested: CancellationToken,
    streams: TaskTracker,
}

impl Shutdown {
    /// Resolves when shutdown is requested, immediately if it already was.
    pub fn requested(&self) -> WaitForCancellationFuture<'_> {
        self.requested.cancelled()
    }

    /// Registers a stream until the returned token is dropped.
    pub fn track_stream(&self) -> TaskTrackerToken {
        self.streams.token()
    }

    /// Requests shutdown: tells every stream to end.
    pub fn request(&self) {
        self.requested.cancel();
        self.streams.close();
    }

    /// Resolves when every registered stream has ended, after [`Shutdown::request`].
    pub async fn streams_ended(&self) {
        self.streams.wait().await;
    }
}
