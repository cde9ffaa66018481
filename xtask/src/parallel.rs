//! Work on several things at the same time, one for each core.

use std::sync::Mutex;
use std::thread;

use anyhow::Result;

/// Does the work for each item; begins nothing new in a worker that failed, and gives the first error.
pub fn each<T: Sync>(items: &[T], work: impl Fn(&T) -> Result<()> + Sync) -> Result<()> {
    let next = Mutex::new(items.iter());
    let worker = || -> Result<()> {
        while let Some(item) = next.lock().ok().and_then(|mut items| items.next()) {
            work(item)?;
        }
        Ok(())
    };
    let workers = thread::available_parallelism().map_or(1, Into::into);
    thread::scope(|scope| {
        let workers: Vec<_> = (0..workers).map(|_| scope.spawn(worker)).collect();
        workers.into_iter().try_for_each(|worker| worker.join().unwrap_or_else(|_| anyhow::bail!("a worker panicked")))
    })
}
