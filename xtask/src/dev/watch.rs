//! Watches the source files.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};

use super::changed_parts::ChangedParts;

/// The watched directories.
const DIRECTORIES: [&str; 7] = ["app", "domain", "tracker", "server", "frontend", "style", "public"];

/// How long no event may arrive before a change counts as complete: an editor saves several files in a row.
const DEBOUNCE: Duration = Duration::from_millis(80);

/// Collects changes since the last call of [`SourceWatcher::next_change`].
pub struct SourceWatcher {
    root: PathBuf,
    events: Receiver<notify::Result<Event>>,
    _watcher: RecommendedWatcher,
}

impl SourceWatcher {
    /// Starts watching.
    pub fn start(root: &Path) -> Result<Self> {
        let (sender, events) = channel();
        let mut watcher = notify::recommended_watcher(sender)?;
        for directory in DIRECTORIES.map(|name| root.join(name)).iter().filter(|directory| directory.is_dir()) {
            watcher.watch(directory, RecursiveMode::Recursive).with_context(|| {
                format!(
                    "cannot watch {}; if there are too many watches, raise fs.inotify.max_user_watches",
                    directory.display()
                )
            })?;
        }
        Ok(Self { root: root.to_owned(), events, _watcher: watcher })
    }

    /// Blocks until source files have changed, and returns the affected parts.
    pub fn next_change(&self) -> Result<ChangedParts> {
        let mut changed = ChangedParts::default();
        loop {
            let event = if changed.is_empty() {
                self.events.recv().map_err(|_| RecvTimeoutError::Disconnected)
            } else {
                self.events.recv_timeout(DEBOUNCE)
            };
            match event {
                Ok(event) => changed = changed.union(self.affected_parts(&event?)),
                Err(RecvTimeoutError::Timeout) => return Ok(changed),
                Err(RecvTimeoutError::Disconnected) => bail!("the file watcher stopped"),
            }
        }
    }

    fn affected_parts(&self, event: &Event) -> ChangedParts {
        if matches!(event.kind, EventKind::Access(_)) {
            return ChangedParts::default();
        }
        let files = event.paths.iter().filter_map(|path| path.strip_prefix(&self.root).ok());
        files.map(ChangedParts::built_from).fold(ChangedParts::default(), ChangedParts::union)
    }
}
