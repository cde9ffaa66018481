//! Files and folders that only the server's user can read. They are created with their mode, so that no other user can open
//! them in between.

use std::{
    fs::{File, OpenOptions},
    io,
    path::Path,
};

/// Creates a folder with its parents.
#[cfg(unix)]
pub(crate) fn create_private_dir(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(path)
}

/// Creates a file that does not exist yet.
#[cfg(unix)]
pub(crate) fn create_private_file(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt as _;
    OpenOptions::new().read(true).write(true).create_new(true).mode(0o600).open(path)
}

/// Takes the rights of other users from a file that was created with them.
#[cfg(unix)]
pub(crate) fn close_to_others(path: &Path) {
    use std::{fs, os::unix::fs::PermissionsExt as _};
    if !fs::metadata(path).is_ok_and(|found| found.permissions().mode() & 0o077 != 0) {
        return;
    }
    match fs::set_permissions(path, fs::Permissions::from_mode(0o600)) {
        Ok(()) => tracing::info!("other users of this machine could read {}; it is private now", path.display()),
        Err(error) => tracing::warn!("other users of this machine can read {}: {error}", path.display()),
    }
}

/// Returns options for a temporary folder.
#[cfg(unix)]
pub(crate) fn private_temp_dir(prefix: &str) -> tempfile::Builder<'_, 'static> {
    use std::os::unix::fs::PermissionsExt as _;
    let mut builder = tempfile::Builder::new();
    builder.prefix(prefix).permissions(std::fs::Permissions::from_mode(0o700));
    builder
}

// On Windows, a new file or directory inherits the permissions of its parent, and the user's profile is private.
#[cfg(not(unix))]
pub(crate) fn create_private_dir(path: &Path) -> io::Result<()> {
    std::fs::create_dir_all(path)
}

#[cfg(not(unix))]
pub(crate) fn create_private_file(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).write(true).create_new(true).open(path)
}

#[cfg(not(unix))]
pub(crate) fn private_temp_dir(prefix: &str) -> tempfile::Builder<'_, 'static> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(prefix);
    builder
}

#[cfg(not(unix))]
pub(crate) fn close_to_others(_: &Path) {}
