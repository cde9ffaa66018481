//! The data directory: made on the first start, used by one server at a time.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// A directory that exists and can be written.
#[derive(Clone, Debug)]
pub struct DataDir(PathBuf);

/// Held while a server runs; another server on the same directory is refused until it is dropped,
/// also when the process was killed.
#[derive(Debug)]
pub struct Occupied {
    _lock: File,
}

impl DataDir {
    /// Makes the directory, readable for its owner only, unless it exists.
    pub fn prepare(path: &Path) -> Result<Self, Failure> {
        if !path.is_dir() {
            new_private_dir(path).map_err(|error| unusable(path, &error))?;
        }
        Ok(Self(path.to_owned()))
    }

    /// Its place.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Takes the directory for a server. The other commands work beside a server and do not ask.
    pub fn occupy(&self) -> Result<Occupied, Failure> {
        let lock = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(self.0.join("server.lock"))
            .map_err(|error| unusable(&self.0, &error))?;
        match lock.try_lock() {
            Ok(()) => Ok(Occupied { _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(Failure::new(format!(
                "Groundglass already runs on {}: stop that server first, or choose another directory with --data-dir",
                self.0.display()
            ))),
            Err(TryLockError::Error(error)) => Err(unusable(&self.0, &error)),
        }
    }

    /// Keeps the first owner's link in a file that only its owner can read.
    pub fn keep_first_owner_link(&self, link: &str) -> Result<PathBuf, Failure> {
        self.forget_first_owner_link()?;
        let path = self.first_owner_link();
        new_private_file(&path)
            .and_then(|mut file| writeln!(file, "{link}"))
            .map_err(|error| unusable(&path, &error))?;
        Ok(path)
    }

    /// Removes the first owner's link, as it is of no more use.
    pub fn forget_first_owner_link(&self) -> Result<(), Failure> {
        let path = self.first_owner_link();
        match fs::remove_file(&path) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(unusable(&path, &error)),
            _ => Ok(()),
        }
    }

    fn first_owner_link(&self) -> PathBuf {
        self.0.join("first-owner-link")
    }
}

fn unusable(path: &Path, error: &std::io::Error) -> Failure {
    Failure::new(format!(
        "cannot write to {}: {error}. Give this user the right to write there, or choose another directory with --data-dir",
        path.display()
    ))
}

#[cfg(unix)]
fn new_private_dir(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(path)
}

/// A new file that only its owner can read.
#[cfg(unix)]
pub fn new_private_file(path: &Path) -> std::io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt as _;
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}

// Windows: a new file or directory inherits its parent's rights, the user's profile being private.
#[cfg(not(unix))]
fn new_private_dir(path: &Path) -> std::io::Result<()> {
    fs::create_dir_all(path)
}

#[cfg(not(unix))]
pub fn new_private_file(path: &Path) -> std::io::Result<File> {
    OpenOptions::new().write(true).create_new(true).open(path)
}
