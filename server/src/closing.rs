//! How streams learn that the server stops, and how the server knows that they have ended.
//!
//! HTTP itself ends requests well, but a WebSocket has left HTTP: it must be told.

use tokio_util::sync::{CancellationToken, WaitForCancellationFuture};
use tokio_util::task::TaskTracker;
use tokio_util::task::task_tracker::TaskTrackerToken;

/// The server's end, shared by all streams. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Closing {
    begun: CancellationToken,
    streams: TaskTracker,
}

impl Closing {
    /// Resolves when the server begins to stop; at once if it already has.
    pub fn begun(&self) -> WaitForCancellationFuture<'_> {
        self.begun.cancelled()
    }

    /// Counts a stream for as long as it holds what this returns.
    pub fn counts(&self) -> TaskTrackerToken {
        self.streams.token()
    }

    /// Tells every stream to end.
    pub fn begin(&self) {
        self.begun.cancel();
        self.streams.close();
    }

    /// Resolves when every counted stream has ended, after [`Closing::begin`].
    pub async fn finished(&self) {
        self.streams.wait().await;
    }
}
