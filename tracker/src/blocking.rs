//! Runs long computations on blocking threads: few at a time, with a bounded queue and a deadline.
//!
//! A computation on an async thread delays every other request, and one on an unbounded number of blocking threads takes all
//! cores and memory. Password hashes, the rendering of user content and the parsing of large bodies therefore each have a
//! [`BlockingPool`].
//!
//! A computation cannot be interrupted from outside. When its deadline passes or its caller is gone, the caller gets an error
//! at once, and the computation keeps its place in the pool until it returns: a pool never has more running computations than
//! workers. A long computation asks its [`StopFlag`] whether it should give up.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use tokio::{sync::Semaphore, task::spawn_blocking, time::timeout};

use crate::Error;

/// A bounded number of workers for one kind of computation. A pool is a `static`, shared by the whole process.
///
/// ```
/// use std::time::Duration;
/// use tracker::blocking::{BlockingPool, PoolLimits};
///
/// static SUMS: BlockingPool =
///     BlockingPool::new(PoolLimits { workers: 2, queue: 64, deadline: Duration::from_secs(5) });
///
/// # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
/// assert_eq!(SUMS.run(|_| (1..=100).sum::<u32>()).await, Ok(5_050));
/// # });
/// ```
#[derive(Debug)]
pub struct BlockingPool {
    limits: PoolLimits,
    /// One permit for each computation that waits or runs.
    places: Semaphore,
    /// One permit for each computation that runs.
    workers: Semaphore,
}

/// The limits of a [`BlockingPool`].
#[derive(Clone, Copy, Debug)]
pub struct PoolLimits {
    /// Maximum number of computations that run at once.
    pub workers: usize,
    /// Maximum number of computations that wait for a worker.
    pub queue: usize,
    /// Time limit for waiting and running together.
    pub deadline: Duration,
}

/// Why a computation has no result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BlockingError {
    /// As many computations as allowed were waiting. This one did not start.
    #[error("too many computations are waiting")]
    QueueFull,
    /// The deadline passed. The computation did not start, or may still be running.
    #[error("the computation did not finish in time")]
    DeadlineExceeded,
    /// The computation panicked, or the process is shutting down.
    #[error("the computation failed")]
    Failed,
}

/// Seconds after which a caller may try again when a queue is full or a deadline passed.
const RETRY_AFTER: u64 = 2;

impl From<BlockingError> for Error {
    fn from(error: BlockingError) -> Self {
        match error {
            BlockingError::QueueFull | BlockingError::DeadlineExceeded => Self::Busy { after_seconds: RETRY_AFTER },
            BlockingError::Failed => Self::unexpected(error),
        }
    }
}

/// Tells a running computation that its result is no longer needed. Cheap to check.
#[derive(Clone, Debug, Default)]
pub struct StopFlag(Arc<AtomicBool>);

impl StopFlag {
    /// Returns whether the deadline passed or the caller is gone. The computation should then return, with any value.
    #[must_use]
    pub fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Sets a [`StopFlag`] when it is dropped.
struct StopOnDrop(StopFlag);

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        self.0.0.store(true, Ordering::Relaxed);
    }
}

impl BlockingPool {
    /// Returns a pool with these limits.
    #[must_use]
    pub const fn new(limits: PoolLimits) -> Self {
        let places = Semaphore::const_new(limits.workers + limits.queue);
        Self { limits, places, workers: Semaphore::const_new(limits.workers) }
    }

    /// Runs `work` on a blocking thread as soon as a worker is free, in the order of the calls, and returns its result.
    ///
    /// Dropping the returned future sets the [`StopFlag`], and `work` does not start if it hasn't yet.
    ///
    /// # Errors
    /// Returns [`BlockingError`] at once if the queue is full, when the deadline passes, and if `work` panics.
    pub async fn run<T: Send + 'static>(
        &'static self,
        work: impl FnOnce(&StopFlag) -> T + Send + 'static,
    ) -> Result<T, BlockingError> {
        let place = self.places.try_acquire().map_err(|_| BlockingError::QueueFull)?;
        let stop = StopFlag::default();
        let _stop_on_drop = StopOnDrop(stop.clone());
        let result = async {
            let worker = self.workers.acquire().await.map_err(|_| BlockingError::Failed)?;
            // The permits move along, because the thread continues when the caller is gone.
            let task = spawn_blocking(move || {
                let _permits = (place, worker);
                (!stop.is_set()).then(|| work(&stop))
            });
            task.await.ok().flatten().ok_or(BlockingError::Failed)
        };
        timeout(self.limits.deadline, result).await.unwrap_or(Err(BlockingError::DeadlineExceeded))
    }
}

#[cfg(test)]
mod tests;
