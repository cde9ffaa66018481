//! Garbage collection: deletes unreferenced objects and files at the start and every hour.

use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval};
use tracing::{info, warn};
use tracker::Tracker;

use crate::shutdown::Shutdown;

const HOUR: Duration = Duration::from_secs(60 * 60);

/// Starts the periodic sweep, which runs until shutdown.
pub fn start(tracker: Tracker, shutdown: Shutdown) {
    tokio::spawn(async move {
        let mut hours = interval(HOUR);
        hours.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = shutdown.requested() => return,
                _ = hours.tick() => sweep_once(&tracker).await,
            }
        }
    });
}

async fn sweep_once(tracker: &Tracker) {
    match tracker.sweep().await {
        Ok(swept) if swept.objects + swept.files == 0 => {}
        Ok(swept) => info!("deleted {} unused objects and {} files", swept.objects, swept.files),
        Err(error) => warn!("sweep failed, retrying in an hour: {}", error.with_cause()),
    }
}
