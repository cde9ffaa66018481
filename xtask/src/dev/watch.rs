//! Watching the sources.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};

use super::change::Change;

/// The folders that are watched.
const ROOMS: [&str; 7] = ["app", "domain", "tracker", "server", "frontend", "style", "public"];

/// How long it must be quiet before a change counts: an editor saves several files in a row.
const QUIET: Duration = Duration::from_millis(80);

/// The changes since the last look.
pub struct Watch {
    root: PathBuf,
    events: Receiver<notify::Result<Event>>,
    _watcher: RecommendedWatcher,
}

impl Watch {
    /// Starts to watch.
    pub fn start(root: &Path) -> Result<Self> {
        let (sender, events) = channel();
        let mut watcher = notify::recommended_watcher(sender)?;
        for room in ROOMS.map(|room| root.join(room)).iter().filter(|room| room.is_dir()) {
            watcher.watch(room, RecursiveMode::Recursive).with_context(|| {
                format!("cannot watch {}; too many watches? fs.inotify.max_user_watches", room.display())
            })?;
        }
        Ok(Self { root: root.to_owned(), events, _watcher: watcher })
    }

    /// Waits for the next change.
    pub fn next(&self) -> Result<Change> {
        let mut change = Change::default();
        loop {
            let event = if change.is_nothing() {
                self.events.recv().map_err(|_| RecvTimeoutError::Disconnected)
            } else {
                self.events.recv_timeout(QUIET)
            };
            match event {
                Ok(event) => change = change.and(self.concerns(&event?)),
                Err(RecvTimeoutError::Timeout) => return Ok(change),
                Err(RecvTimeoutError::Disconnected) => bail!("the watcher ended"),
            }
        }
    }

    fn concerns(&self, event: &Event) -> Change {
        if matches!(event.kind, EventKind::Access(_)) {
            return Change::default();
        }
        let files = event.paths.iter().filter_map(|path| path.strip_prefix(&self.root).ok());
        files.map(Change::of).fold(Change::default(), Change::and)
    }
}
