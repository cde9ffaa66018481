//! Having a long file on the disk while more of it comes: what is left to wait for at its end is little then.

use std::{fs::File, path::PathBuf};

use tokio::task::{JoinHandle, spawn_blocking};

/// So much comes between two syncs. A short file, such as a part from a page, has none but its last.
const EVERY: u64 = 8 << 20;

/// A file that is being written, if there is one.
pub(super) struct BackgroundSync {
    file: Option<PathBuf>,
    waiting: u64,
    syncing: Option<JoinHandle<()>>,
}

impl BackgroundSync {
    pub(super) fn new(file: Option<PathBuf>) -> Self {
        Self { file, waiting: 0, syncing: None }
    }

    /// So many more bytes are on their way to the file. Returns at once; there is one sync at a time.
    ///
    /// A sync that fails is not noticed here: the writer's own at the end fails then, too, as it opened the file before.
    pub(super) fn wrote(&mut self, bytes: u64) {
        self.waiting += bytes;
        let Some(file) = &self.file else { return };
        if self.waiting <= EVERY || self.syncing.as_ref().is_some_and(|syncing| !syncing.is_finished()) {
            return;
        }
        self.waiting = 0;
        let file = file.clone();
        self.syncing = Some(spawn_blocking(move || {
            let _ = File::open(file).and_then(|file| file.sync_data());
        }));
    }
}
