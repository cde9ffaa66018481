//! Scratch folders of backups and restores: private, and removed at the next start if their process was killed.

use std::{
    fs::{self, File},
    io::{self, Write as _},
    path::{Path, PathBuf},
    time::Duration,
};

use tempfile::TempDir;

use crate::private_files::{create_private_file, private_temp_dir};

const BACKUP_PREFIX: &str = ".groundglass-backup-";
const RESTORE_PREFIX: &str = ".groundglass-restore-";
/// A file that the process of the folder has locked.
const LOCK: &str = "lock";
/// The blob keys that a restore has written, one a line.
const KEYS: &str = "keys";
/// Age from which a folder without a lock is a leftover. Earlier versions did not lock their folders.
const UNLOCKED_AGE: Duration = Duration::from_secs(60 * 60);

/// A folder in use. Deleted with its contents when it is dropped.
pub(super) struct ScratchDir {
    // Declared before the folder, so that the file is closed before it is deleted.
    _lock: File,
    keys: File,
    dir: TempDir,
}

impl ScratchDir {
    /// Creates a folder in `parent` for a backup. Removes leftovers there.
    pub(super) fn for_backup(parent: &Path) -> io::Result<Self> {
        drop(take_leftovers(parent));
        Self::create(parent, BACKUP_PREFIX)
    }

    /// Creates a folder in `parent` for a restore.
    pub(super) fn for_restore(parent: &Path) -> io::Result<Self> {
        Self::create(parent, RESTORE_PREFIX)
    }

    fn create(parent: &Path, prefix: &str) -> io::Result<Self> {
        let dir = private_temp_dir(prefix).tempdir_in(parent)?;
        let lock = create_private_file(&dir.path().join(LOCK))?;
        lock.try_lock()?;
        let keys = create_private_file(&dir.path().join(KEYS))?;
        Ok(Self { _lock: lock, keys, dir })
    }

    pub(super) fn path(&self) -> &Path {
        self.dir.path()
    }

    /// Records a blob key before its bytes are written, so that they are deleted if this process is killed.
    pub(super) fn record_key(&mut self, key: &str) -> io::Result<()> {
        writeln!(self.keys, "{key}")
    }
}

/// Removes the folders of killed processes in `parent`. Returns the blob keys that killed restores have written. Folders that
/// cannot be removed are left, because they do no harm.
pub(super) fn take_leftovers(parent: &Path) -> Vec<String> {
    let mut keys = Vec::new();
    for path in fs::read_dir(parent).into_iter().flatten().filter_map(Result::ok).map(|entry| entry.path()) {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if (name.starts_with(BACKUP_PREFIX) || name.starts_with(RESTORE_PREFIX)) && is_leftover(&path) {
            keys.extend(fs::read_to_string(path.join(KEYS)).unwrap_or_default().lines().map(str::to_owned));
            match fs::remove_dir_all(&path) {
                Ok(()) => tracing::info!("removed {}, which a killed backup or restore left", path.display()),
                Err(error) => tracing::warn!("cannot remove {}: {error}", path.display()),
            }
        }
    }
    keys
}

/// Returns whether the process of a folder has ended.
fn is_leftover(folder: &Path) -> bool {
    match File::open(lock_file(folder)) {
        Ok(lock) => lock.try_lock().is_ok(),
        Err(_) => fs::metadata(folder)
            .and_then(|found| found.modified())
            .is_ok_and(|at| at.elapsed().is_ok_and(|age| age > UNLOCKED_AGE)),
    }
}

fn lock_file(folder: &Path) -> PathBuf {
    folder.join(LOCK)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_folders_of_ended_processes_are_removed() {
        let parent = tempfile::tempdir().unwrap();
        let running = ScratchDir::for_restore(parent.path()).unwrap();
        let killed = parent.path().join(".groundglass-restore-killed");
        fs::create_dir(&killed).unwrap();
        fs::write(killed.join(LOCK), "").unwrap();
        fs::write(killed.join(KEYS), "ab/cd\nef/01\n").unwrap();
        // A folder whose process is about to lock it, and an unrelated one.
        let (new, other) = (parent.path().join(".groundglass-backup-new"), parent.path().join("other"));
        fs::create_dir(&new).unwrap();
        fs::create_dir(&other).unwrap();
        assert_eq!(take_leftovers(parent.path()), ["ab/cd", "ef/01"]);
        assert!(!killed.exists());
        assert!(running.path().exists() && new.exists() && other.exists());
        let path = running.path().to_owned();
        drop(running);
        assert!(!path.exists());
    }

    #[cfg(unix)]
    #[test]
    fn folders_and_files_are_private() {
        use std::os::unix::fs::PermissionsExt as _;
        let parent = tempfile::tempdir().unwrap();
        let scratch = ScratchDir::for_backup(parent.path()).unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(scratch.path()), 0o700);
        assert_eq!(mode(&scratch.path().join(LOCK)), 0o600);
    }
}
