//! The files of a SQLite database while a server uses it: detects that they were moved or deleted, and keeps space for writes
//! that free space.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use sqlx::SqlitePool;

use super::disk_reserve::DiskReserve;
use crate::{Error, error::Failure};

/// The database file, its companions, and the reserved disk space beside them.
pub(crate) struct SqliteFiles {
    /// The files that contain committed data, with their identities when they were opened.
    open: Vec<(PathBuf, FileId)>,
    reserve: DiskReserve,
}

/// Device and inode, which stay the same when a file is renamed.
type FileId = (u64, u64);

impl SqliteFiles {
    /// Records the identities of the open files of a database.
    pub(super) fn new(database: &Path, reserve: DiskReserve) -> io::Result<Self> {
        let mut open = Vec::new();
        for path in [database.to_owned(), companion(database, "-wal")] {
            match file_id(&path) {
                Ok(id) => open.push((path, id)),
                // A database in memory has no file.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
        Ok(Self { open, reserve })
    }

    /// Checks that the open files still have their names. Data that is written to other files would be lost.
    ///
    /// Takes a few microseconds, which is little beside a commit.
    ///
    /// # Errors
    /// Returns [`Error::Unavailable`] if a file was moved, replaced or deleted.
    pub(super) fn require_unmoved(&self) -> Result<(), Error> {
        for (path, id) in &self.open {
            match file_id(path) {
                Ok(found) if found == *id => {}
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(Error::unexpected(error)),
                _ => {
                    tracing::error!("{} was moved, replaced or deleted; all writes are rejected", path.display());
                    return Err(Error::from_failure(Failure::MovedDatabase));
                }
            }
        }
        Ok(())
    }

    /// Returns the folder of the database.
    pub(super) fn folder(&self) -> &Path {
        self.reserve.folder()
    }

    /// Checks that a write may use free space, which belongs to writes that free space after the reserve was released.
    ///
    /// # Errors
    /// Returns [`Error::Full`] if it may not.
    pub(super) async fn require_space(&self, pool: &SqlitePool) -> Result<(), Error> {
        self.reserve.require_held(pool).await
    }

    /// Makes space for a write that frees space.
    pub(super) async fn make_space(&self) {
        self.reserve.release_if_needed().await;
    }

    /// Reserves the space again, once there is enough.
    pub(super) async fn restore_reserve(&self, pool: &SqlitePool) {
        let _ = self.reserve.require_held(pool).await;
    }
}

/// Returns the path of a file that SQLite keeps beside the database.
pub(super) fn companion(database: &Path, suffix: &str) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

#[cfg(unix)]
fn file_id(path: &Path) -> io::Result<FileId> {
    use std::os::unix::fs::MetadataExt as _;
    fs::metadata(path).map(|found| (found.dev(), found.ino()))
}

// Windows forbids moving and deleting an open database.
#[cfg(not(unix))]
fn file_id(path: &Path) -> io::Result<FileId> {
    fs::metadata(path).map(|_| (0, 0))
}
