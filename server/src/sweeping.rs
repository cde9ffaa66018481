//! Sweeps at the start and every hour: what nobody refers to any more is deleted.

use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval};
use tracing::{info, warn};
use tracker::Tracker;

use crate::closing::Closing;

const HOUR: Duration = Duration::from_secs(60 * 60);

/// Begins to sweep, until the server stops.
pub fn begin(tracker: Tracker, closing: Closing) {
    tokio::spawn(async move {
        let mut hours = interval(HOUR);
        hours.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = closing.begun() => return,
                _ = hours.tick() => sweep(&tracker).await,
            }
        }
    });
}

async fn sweep(tracker: &Tracker) {
    match tracker.sweep().await {
        Ok(swept) if swept.objects + swept.files == 0 => {}
        Ok(swept) => info!("swept {} unused objects and {} files", swept.objects, swept.files),
        Err(tracker::Error::Unexpected(cause)) => warn!("could not sweep; the next time is in an hour: {cause}"),
        Err(error) => warn!("could not sweep; the next time is in an hour: {error}"),
    }
}
