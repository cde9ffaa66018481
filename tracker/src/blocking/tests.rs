use std::sync::mpsc::{Receiver, Sender, channel};

use super::*;

/// Returns a pool. Each test has one of its own.
fn pool(workers: usize, queue: usize, deadline: Duration) -> &'static BlockingPool {
    Box::leak(Box::new(BlockingPool::new(PoolLimits { workers, queue, deadline })))
}

const LONG: Duration = Duration::from_secs(60);

/// Returns a computation that runs until `Sender` is dropped, and a future that waits until it has started.
fn held_work() -> (Sender<()>, tokio::sync::oneshot::Receiver<()>, impl FnOnce(&StopFlag) + Send + 'static) {
    let (release, released): (Sender<()>, Receiver<()>) = channel();
    let (started, has_started) = tokio::sync::oneshot::channel();
    let work = move |_: &StopFlag| {
        started.send(()).unwrap();
        let _ = released.recv();
    };
    (release, has_started, work)
}

#[tokio::test]
async fn runs_at_most_as_many_computations_as_workers_and_rejects_when_the_queue_is_full() {
    let pool = pool(1, 2, LONG);
    let (release, started, work) = held_work();
    let running = tokio::spawn(pool.run(work));
    started.await.unwrap();
    let mut waiting = Vec::from([tokio::spawn(pool.run(|_| 1)), tokio::spawn(pool.run(|_| 2))]);
    while pool.places.available_permits() > 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(pool.run(|_| 3).await, Err(BlockingError::QueueFull));
    assert!(!waiting[0].is_finished());
    // A waiting computation whose caller is gone frees its place.
    waiting.remove(0).abort();
    while pool.places.available_permits() == 0 {
        tokio::task::yield_now().await;
    }
    drop(release);
    assert_eq!(running.await.unwrap(), Ok(()));
    assert_eq!(waiting.remove(0).await.unwrap(), Ok(2));
    assert_eq!(pool.run(|_| 4).await, Ok(4));
}

#[tokio::test]
async fn a_computation_beyond_its_deadline_keeps_its_worker() {
    let pool = pool(1, 1, Duration::from_millis(20));
    let (release, started, work) = held_work();
    assert_eq!(pool.run(work).await, Err(BlockingError::DeadlineExceeded));
    started.await.unwrap();
    assert_eq!(pool.workers.available_permits(), 0);
    assert_eq!(pool.run(|_| ()).await, Err(BlockingError::DeadlineExceeded));
    drop(release);
    let _worker = pool.workers.acquire().await.unwrap();
}

#[tokio::test]
async fn a_computation_learns_that_its_caller_is_gone() {
    let pool = pool(1, 1, LONG);
    let (started, has_started) = tokio::sync::oneshot::channel();
    let call = tokio::spawn(pool.run(|stop| {
        started.send(()).unwrap();
        while !stop.is_set() {
            std::thread::yield_now();
        }
    }));
    has_started.await.unwrap();
    call.abort();
    assert_eq!(pool.run(|_| "next").await, Ok("next"));
}

#[tokio::test]
async fn a_panic_frees_the_worker() {
    let pool = pool(1, 0, LONG);
    assert_eq!(pool.run(|_| assert_eq!(1, 2)).await, Err(BlockingError::Failed));
    assert_eq!(pool.run(|_| 1).await, Ok(1));
}
