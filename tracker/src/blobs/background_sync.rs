//! Background sync: flushes a long file to the disk while more of it arrives, which leaves little to flush at its end.

use std::{fs::File, path::PathBuf};

use tokio::task::{JoinHandle, spawn_blocking};

/// Bytes between two syncs. A shorter file, such as a part sent by a page, is only synced at its end.
const SYNC_INTERVAL: u64 = 8 << 20;

/// Syncs a file that is being written. Does nothing without a file.
pub(super) struct BackgroundSync {
    file: Option<PathBuf>,
    unsynced: u64,
    running: Option<JoinHandle<()>>,
}

impl BackgroundSync {
    pub(super) fn new(file: Option<PathBuf>) -> Self {
        Self { file, unsynced: 0, running: None }
    }

    /// Records that `bytes` more were written, and starts a sync when it is due. Returns at once; one sync runs at a time.
    ///
    /// Errors are ignored: the writer opened the file earlier, so its final sync fails as well.
    pub(super) fn record_written(&mut self, bytes: u64) {
        self.unsynced += bytes;
        let Some(file) = &self.file else { return };
        if self.unsynced <= SYNC_INTERVAL || self.running.as_ref().is_some_and(|sync| !sync.is_finished()) {
            return;
        }
        self.unsynced = 0;
        let file = file.clone();
        self.running = Some(spawn_blocking(move || {
            let _ = File::open(file).and_then(|file| file.sync_data());
        }));
    }
}
