//! Parallel work on a list of items, with one thread per core.

use std::sync::Mutex;
use std::thread;

use anyhow::Result;

/// Calls `work` for each item. A thread whose item fails takes no further items; the first error is returned.
pub fn try_for_each<T: Sync>(items: &[T], work: impl Fn(&T) -> Result<()> + Sync) -> Result<()> {
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
