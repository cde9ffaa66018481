//! Opening the place where bytes are kept.

use std::{fs, path::Path, path::PathBuf, sync::Arc};

use object_store::local::LocalFileSystem;

use super::Blobs;
use crate::OpenError;

/// Opens the place that `url` names (`file:///a/folder`); without one, `blobs` in the data directory.
pub(crate) fn open(data_dir: &Path, url: Option<&str>) -> Result<Blobs, OpenError> {
    let folder = match url {
        None => data_dir.join("blobs"),
        Some(url) => match url.strip_prefix("file://").map(PathBuf::from) {
            Some(folder) if folder.is_absolute() => folder,
            _ => return Err(OpenError::BlobAddress),
        },
    };
    let failed = |source| OpenError::Blobs { path: folder.clone(), source };
    fs::create_dir_all(&folder).map_err(failed)?;
    let store = LocalFileSystem::new_with_prefix(&folder).map_err(|error| failed(std::io::Error::other(error)))?;
    // What was acknowledged must be on the disk, not on its way there.
    Ok(Blobs { store: Arc::new(store.with_fsync(true)), folder: Some(folder) })
}
