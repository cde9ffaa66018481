//! Opening the place where bytes are kept.

use std::{fs, path::Path, path::PathBuf, sync::Arc};

use object_store::{
    aws::AmazonS3Builder, aws::AmazonS3ConfigKey, local::LocalFileSystem, path::Path as Prefix, prefix::PrefixStore,
};

use super::Blobs;
use crate::OpenError;

/// Disks take small pieces as well as large ones, and memory is dear when many upload at once.
const GATHER_FOR_DISK: usize = 1 << 20;
/// S3 takes parts of at least 5 MiB, and 10,000 of them: more than our largest upload has.
const GATHER_FOR_S3: usize = 5 << 20;

/// Opens the place that `url` names (`file:///a/folder` or `s3://bucket/prefix`); without one, `blobs` in the data
/// directory.
pub(crate) fn open(data_dir: &Path, url: Option<&str>) -> Result<Blobs, OpenError> {
    match url {
        None => on_disk(data_dir.join("blobs")),
        Some(url) => match (url.strip_prefix("file://").map(PathBuf::from), url.strip_prefix("s3://")) {
            (Some(folder), _) if folder.is_absolute() => on_disk(folder),
            (_, Some(place)) => in_s3(place),
            _ => Err(OpenError::BlobAddress),
        },
    }
}

fn on_disk(folder: PathBuf) -> Result<Blobs, OpenError> {
    let failed = |source| OpenError::Blobs { path: folder.clone(), source };
    fs::create_dir_all(&folder).map_err(failed)?;
    let store = LocalFileSystem::new_with_prefix(&folder).map_err(|error| failed(std::io::Error::other(error)))?;
    // What was acknowledged must be on the disk, not on its way there.
    Ok(Blobs { store: Arc::new(store.with_fsync(true)), folder: Some(folder), gather: GATHER_FOR_DISK })
}

/// `bucket/prefix`; who asks and where is in the usual variables (`AWS_ACCESS_KEY_ID`, `AWS_ENDPOINT_URL`, …).
fn in_s3(place: &str) -> Result<Blobs, OpenError> {
    let (bucket, prefix) = place.split_once('/').unwrap_or((place, ""));
    if bucket.is_empty() {
        return Err(OpenError::BlobAddress);
    }
    // The one set of ciphers for all TLS of this process; another part of it may have chosen it already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = AmazonS3Builder::from_env().with_bucket_name(bucket);
    // Who names an endpoint without TLS means it.
    let plain = builder.get_config_value(&AmazonS3ConfigKey::Endpoint).is_some_and(|url| url.starts_with("http://"));
    let store = builder.with_allow_http(plain).build().map_err(|error| OpenError::S3(error.to_string()))?;
    let store = PrefixStore::new(store, Prefix::from(prefix));
    Ok(Blobs { store: Arc::new(store), folder: None, gather: GATHER_FOR_S3 })
}
