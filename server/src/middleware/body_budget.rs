//! The memory that large request bodies may use together.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use crate::limits::Limits;

/// Memory for handling a large body, as a multiple of its size. The worst bodies are lists of one-digit numbers, which take two
/// bytes each in the body and eight in a column, and documents, of which the database makes three copies.
const WORK_PER_BYTE: usize = 4;

/// Grants memory to requests with large bodies: to hold their bodies, and to handle them. Cheap to clone.
///
/// Both are limited separately, since bodies of slow clients are held for long, while handling them is short.
#[derive(Clone, Debug)]
pub struct LargeBodyBudget {
    bodies: MemoryPool,
    work: MemoryPool,
    /// Requests that may wait for memory for their body at the same time.
    waiters: Arc<Semaphore>,
    wait: Duration,
}

/// Memory that a body or its handling may use, until it is dropped.
#[derive(Debug)]
pub struct MemoryPermit {
    _permit: OwnedSemaphorePermit,
}

/// The memory was not available in time, or too many requests wait for it.
#[derive(Debug, PartialEq, Eq)]
pub struct BudgetExhausted;

impl LargeBodyBudget {
    /// Returns a budget with these limits.
    pub fn new(limits: &Limits) -> Self {
        Self {
            bodies: MemoryPool::new(limits.large_bodies),
            work: MemoryPool::new(limits.large_body_work),
            waiters: Arc::new(Semaphore::new(limits.large_body_waiters)),
            wait: limits.large_body_wait,
        }
    }

    /// Reserves memory for a body of at most `bytes`. Waits for it, in the order of the calls.
    pub async fn reserve_body(&self, bytes: usize) -> Result<MemoryPermit, BudgetExhausted> {
        if let Some(permit) = self.bodies.try_acquire(bytes) {
            return Ok(permit);
        }
        let _waiter = self.waiters.try_acquire().map_err(|_| BudgetExhausted)?;
        timeout(self.wait, self.bodies.acquire(bytes)).await.map_err(|_| BudgetExhausted)?
    }

    /// Reserves memory for handling a body of `bytes`. Waits for it, in the order of the calls.
    pub async fn reserve_work(&self, bytes: usize) -> Result<MemoryPermit, BudgetExhausted> {
        timeout(self.wait, self.work.acquire(bytes.saturating_mul(WORK_PER_BYTE))).await.map_err(|_| BudgetExhausted)?
    }
}

/// An amount of memory, in bytes.
#[derive(Clone, Debug)]
struct MemoryPool {
    free: Arc<Semaphore>,
    total: usize,
}

impl MemoryPool {
    fn new(total: usize) -> Self {
        Self { free: Arc::new(Semaphore::new(total)), total }
    }

    fn try_acquire(&self, bytes: usize) -> Option<MemoryPermit> {
        let permit = Arc::clone(&self.free).try_acquire_many_owned(self.permits(bytes)).ok()?;
        Some(MemoryPermit { _permit: permit })
    }

    async fn acquire(&self, bytes: usize) -> Result<MemoryPermit, BudgetExhausted> {
        let permit = Arc::clone(&self.free).acquire_many_owned(self.permits(bytes)).await;
        Ok(MemoryPermit { _permit: permit.map_err(|_| BudgetExhausted)? })
    }

    /// Returns `bytes`, but at most all memory: a request that needs more than there is runs alone.
    fn permits(&self, bytes: usize) -> u32 {
        u32::try_from(bytes.min(self.total)).unwrap_or(u32::MAX)
    }
}

/// Returns a body that holds its memory permit until the last reference to it is dropped, including parts of it in a response.
pub fn bytes_with_permit(bytes: Vec<u8>, permit: MemoryPermit) -> Bytes {
    struct Body {
        bytes: Vec<u8>,
        _permit: MemoryPermit,
    }

    impl AsRef<[u8]> for Body {
        fn as_ref(&self) -> &[u8] {
            &self.bytes
        }
    }

    Bytes::from_owner(Body { bytes, _permit: permit })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn budget(large_body_waiters: usize) -> LargeBodyBudget {
        let wait = Duration::from_millis(20);
        LargeBodyBudget::new(&Limits {
            large_bodies: 100,
            large_body_work: 40,
            large_body_waiters,
            large_body_wait: wait,
            ..Limits::default()
        })
    }

    #[tokio::test]
    async fn bodies_wait_for_memory_and_give_up() {
        let budget = budget(1);
        let first = budget.reserve_body(60).await.unwrap();
        assert_eq!(budget.reserve_body(60).await.err(), Some(BudgetExhausted), "waited in vain");
        let (waiting, rejected) = tokio::join!(budget.reserve_body(60), budget.reserve_body(60));
        assert!(waiting.is_err() && rejected.is_err());
        let release = async {
            tokio::task::yield_now().await;
            drop(first);
        };
        let (waited, ()) = tokio::join!(budget.reserve_body(60), release);
        drop(waited.unwrap());
        assert!(budget.reserve_body(1_000).await.is_ok(), "a body above the total gets all memory");
    }

    #[tokio::test]
    async fn no_more_than_the_allowed_number_of_requests_wait() {
        let budget = budget(0);
        let _all = budget.reserve_body(100).await.unwrap();
        let start = std::time::Instant::now();
        assert!(budget.reserve_body(1).await.is_err());
        assert!(start.elapsed() < Duration::from_millis(20), "it did not wait");
    }

    #[tokio::test]
    async fn the_permit_is_held_until_the_last_part_of_the_body_is_dropped() {
        let budget = budget(1);
        let body = bytes_with_permit(vec![b'x'; 100], budget.reserve_body(100).await.unwrap());
        let part = body.slice(10..20);
        drop(body);
        assert!(budget.reserve_body(1).await.is_err());
        drop(part);
        assert!(budget.reserve_body(1).await.is_ok());
    }

    #[tokio::test]
    async fn work_is_limited_apart_from_bodies() {
        let budget = budget(1);
        let _all = budget.reserve_body(100).await.unwrap();
        let work = budget.reserve_work(10).await.unwrap();
        assert!(budget.reserve_work(1).await.is_err());
        drop(work);
        assert!(budget.reserve_work(1).await.is_ok());
    }
}
