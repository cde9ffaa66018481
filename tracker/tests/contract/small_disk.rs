//! A small disk, to test what happens when it is full.

use std::{fs, path::Path, path::PathBuf, process::Command};

/// A file system in memory, mounted on a directory until dropped.
pub struct SmallDisk(PathBuf);

impl SmallDisk {
    const SIZE: &str = "size=48m";

    /// Returns whether this process may mount file systems.
    pub fn is_available() -> bool {
        let folder = tempfile::tempdir().unwrap();
        mount(folder.path()).then(|| Self(folder.path().to_owned())).is_some()
    }

    pub fn mount_at(folder: &Path) -> Self {
        fs::create_dir_all(folder).unwrap();
        assert!(mount(folder));
        Self(folder.to_owned())
    }
}

fn mount(folder: &Path) -> bool {
    let mounting =
        Command::new("mount").args(["-t", "tmpfs", "-o", SmallDisk::SIZE, "groundglass"]).arg(folder).output();
    mounting.is_ok_and(|done| done.status.success())
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Lazy, because files on it may still be open.
        let _ = Command::new("umount").arg("--lazy").arg(&self.0).status();
    }
}
