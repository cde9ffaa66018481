//! The data directory: created on the first start, used by one server at a time.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use tracing::{info, warn};

use crate::cli_error::CliError;

/// A data directory that exists.
#[derive(Clone, Debug)]
pub struct DataDir(PathBuf);

/// A lock that prevents a second server on the same directory. Released when it is dropped or the process ends.
#[derive(Debug)]
pub struct DataDirLock {
    _lock: File,
}

impl DataDir {
    /// Creates the directory, readable by its owner only, unless it exists.
    pub fn prepare(path: &Path) -> Result<Self, CliError> {
        if !path.is_dir() {
            create_private_dir(path).map_err(|error| not_writable(path, &error))?;
        }
        Ok(Self(path.to_owned()))
    }

    /// Returns its path.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Locks the directory for a server. Other commands run beside a server and do not lock it.
    pub fn lock(&self) -> Result<DataDirLock, CliError> {
        let lock = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(self.lock_path())
            .map_err(|error| not_writable(&self.0, &error))?;
        match lock.try_lock() {
            Ok(()) => Ok(DataDirLock { _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(CliError::new(format!(
                "another server is running on {}: stop it first, or choose another directory with --data-dir",
                self.0.display()
            ))),
            Err(TryLockError::Error(error)) => Err(not_writable(&self.0, &error)),
        }
    }

    /// Removes the directory if it contains only the file of its lock.
    pub fn remove_unused(&self) {
        // Both fail if the directory was removed already.
        let _ = fs::remove_file(self.lock_path());
        let _ = fs::remove_dir(&self.0);
    }

    /// Logs how to make the directory private if other users of the machine can open it. Makes the folder of uploaded files
    /// private, which earlier versions created with the modes of the parent; the tracker does the same with the database.
    ///
    /// The directory itself is not changed, since it may be shared on purpose.
    #[cfg(unix)]
    pub fn report_access_by_others(&self) {
        use std::os::unix::fs::PermissionsExt as _;
        let is_open = |path: &Path| fs::metadata(path).is_ok_and(|found| found.permissions().mode() & 0o077 != 0);
        let blobs = self.0.join("blobs");
        if is_open(&blobs) {
            match fs::set_permissions(&blobs, fs::Permissions::from_mode(0o700)) {
                Ok(()) => info!("other users of this machine could open {}; it is private now", blobs.display()),
                Err(error) => warn!("other users of this machine can open {}: {error}", blobs.display()),
            }
        }
        if is_open(&self.0) {
            let path = self.0.display();
            warn!("other users of this machine can open the data directory; to prevent it, run: chmod go-rwx '{path}'");
        }
    }

    /// Does nothing, because a new file inherits the permissions of its parent.
    #[cfg(not(unix))]
    pub fn report_access_by_others(&self) {}

    /// Writes the first owner's link to a file that only its owner can read.
    pub fn write_first_owner_link(&self, link: &str) -> Result<PathBuf, CliError> {
        self.remove_first_owner_link()?;
        let path = self.first_owner_link_path();
        create_private_file(&path)
            .and_then(|mut file| writeln!(file, "{link}"))
            .map_err(|error| not_writable(&path, &error))?;
        Ok(path)
    }

    /// Removes the file with the first owner's link once it is no longer needed.
    pub fn remove_first_owner_link(&self) -> Result<(), CliError> {
        let path = self.first_owner_link_path();
        match fs::remove_file(&path) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(not_writable(&path, &error)),
            _ => Ok(()),
        }
    }

    fn lock_path(&self) -> PathBuf {
        self.0.join("server.lock")
    }

    fn first_owner_link_path(&self) -> PathBuf {
        self.0.join("first-owner-link")
    }
}

/// Makes the files and folders that this process creates readable by its user only.
pub fn restrict_new_files() {
    #[cfg(unix)]
    rustix::process::umask(rustix::fs::Mode::RWXG | rustix::fs::Mode::RWXO);
}

fn not_writable(path: &Path, error: &std::io::Error) -> CliError {
    CliError::new(format!(
        "cannot write to {}: {error}. Grant this user write permission, or choose another directory with --data-dir",
        path.display()
    ))
}

#[cfg(unix)]
fn create_private_dir(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(path)
}

/// Creates a file that only its owner can read.
#[cfg(unix)]
pub fn create_private_file(path: &Path) -> std::io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt as _;
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}

// On Windows, a new file or directory inherits the permissions of its parent, and the user's profile is private.
#[cfg(not(unix))]
fn create_private_dir(path: &Path) -> std::io::Result<()> {
    fs::create_dir_all(path)
}

#[cfg(not(unix))]
pub fn create_private_file(path: &Path) -> std::io::Result<File> {
    OpenOptions::new().write(true).create_new(true).open(path)
}
