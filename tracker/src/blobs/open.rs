//! Opening the place where bytes are kept.

use std::{fs, path::Path, path::PathBuf, sync::Arc};

use object_store::{
    aws::{AmazonS3Builder, AmazonS3ConfigKey},
    local::LocalFileSystem,
    path::Path as Prefix,
    prefix::PrefixStore,
};
use reqwest::Url;

use super::Blobs;
use crate::OpenError;

/// Disks take small pieces as well as large ones, and memory is dear when many upload at once.
const DISK_WRITE_SIZE: usize = 2 << 20;
/// S3 takes parts of at least 5 MiB, and 10,000 of them: more than our largest upload has.
const S3_WRITE_SIZE: usize = 5 << 20;

/// Opens the place that `url` names (`file:///a/folder` or `s3://bucket/prefix`); without one, `blobs` in the data
/// directory.
pub(crate) fn open_blobs(data_dir: &Path, url: Option<&str>) -> Result<Blobs, OpenError> {
    match url {
        None => open_on_disk(data_dir.join("blobs")),
        Some(url) if url.starts_with("s3://") => open_in_s3(url),
        Some(url) => match url.strip_prefix("file://").map(PathBuf::from) {
            Some(folder) if folder.is_absolute() => open_on_disk(folder),
            _ => Err(OpenError::BlobAddress),
        },
    }
}

fn open_on_disk(folder: PathBuf) -> Result<Blobs, OpenError> {
    let failed = |source| OpenError::Blobs { path: folder.clone(), source };
    fs::create_dir_all(&folder).map_err(failed)?;
    let store = LocalFileSystem::new_with_prefix(&folder).map_err(|error| failed(std::io::Error::other(error)))?;
    // What was acknowledged must be on the disk, not on its way there.
    Ok(Blobs { store: Arc::new(store.with_fsync(true)), folder: Some(folder), write_size: DISK_WRITE_SIZE })
}

/// The options of the address are object_store's words for what the usual variables say (`AWS_ENDPOINT_URL`,
/// `AWS_ACCESS_KEY_ID`, …), and come before those: `s3://bucket/prefix?endpoint=http://127.0.0.1:9000`.
fn open_in_s3(address: &str) -> Result<Blobs, OpenError> {
    let url = Url::parse(address).map_err(|_| OpenError::BlobAddress)?;
    let bucket = url.host_str().filter(|bucket| !bucket.is_empty()).ok_or(OpenError::BlobAddress)?;
    // The one set of ciphers for all TLS of this process; another part of it may have chosen it already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut builder = AmazonS3Builder::from_env().with_bucket_name(bucket);
    for (option, value) in url.query_pairs() {
        let known: AmazonS3ConfigKey =
            option.parse().map_err(|_| OpenError::S3(format!("there is no option '{option}'")))?;
        builder = builder.with_config(known, value);
    }
    // Who names an endpoint without TLS means it.
    let plain = builder.get_config_value(&AmazonS3ConfigKey::Endpoint).is_some_and(|url| url.starts_with("http://"));
    let store = builder.with_allow_http(plain).build().map_err(|error| OpenError::S3(error.to_string()))?;
    let store = PrefixStore::new(store, Prefix::from(url.path().trim_matches('/')));
    Ok(Blobs { store: Arc::new(store), folder: None, write_size: S3_WRITE_SIZE })
}
