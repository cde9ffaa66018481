//! Opens the blob store.

use std::{path::Path, path::PathBuf, sync::Arc, time::Duration};

use object_store::{
    RetryConfig,
    aws::{AmazonS3Builder, AmazonS3ConfigKey},
    local::LocalFileSystem,
    path::Path as Prefix,
    prefix::PrefixStore,
};
use reqwest::Url;

use super::Blobs;
use crate::{OpenError, private_files::create_private_dir};

/// Larger writes are not faster on disks, and each concurrent upload has its own buffers.
const DISK_WRITE_SIZE: usize = 2 << 20;
/// The minimum part size of S3. Its maximum of 10,000 parts exceeds [`UPLOAD_LIMIT`](crate::UPLOAD_LIMIT).
const S3_WRITE_SIZE: usize = 5 << 20;
/// How often a request to S3 is repeated, and for how long. A response begins within 30 seconds, so the outage must be reported
/// before.
const S3_RETRIES: usize = 5;
const S3_RETRY_TIMEOUT: Duration = Duration::from_secs(10);

/// Opens the store at `url` (`file:///path/to/directory` or `s3://bucket/prefix`). `None` means `blobs` in the data
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

/// Returns the folder of a store on disk.
pub(crate) fn folder_on_disk(data_dir: &Path, url: Option<&str>) -> Option<PathBuf> {
    match url {
        None => Some(data_dir.join("blobs")),
        Some(url) => url.strip_prefix("file://").map(PathBuf::from),
    }
}

fn open_on_disk(folder: PathBuf) -> Result<Blobs, OpenError> {
    let failed = |source| OpenError::Blobs { path: folder.clone(), source };
    create_private_dir(&folder).map_err(failed)?;
    let store = LocalFileSystem::new_with_prefix(&folder).map_err(|error| failed(std::io::Error::other(error)))?;
    // Acknowledged bytes must survive a power failure.
    Ok(Blobs { store: Arc::new(store.with_fsync(true)), folder: Some(folder), write_size: DISK_WRITE_SIZE })
}

/// Query parameters are option names of `object_store` and override the usual environment variables (`AWS_ENDPOINT_URL`,
/// `AWS_ACCESS_KEY_ID`, …): `s3://bucket/prefix?endpoint=http://127.0.0.1:9000`.
fn open_in_s3(url: &str) -> Result<Blobs, OpenError> {
    let url = Url::parse(url).map_err(|_| OpenError::BlobAddress)?;
    let bucket = url.host_str().filter(|bucket| !bucket.is_empty()).ok_or(OpenError::BlobAddress)?;
    // All TLS of this process uses this provider. Fails if one is already installed.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut builder = AmazonS3Builder::from_env().with_bucket_name(bucket);
    for (option, value) in url.query_pairs() {
        let known: AmazonS3ConfigKey =
            option.parse().map_err(|_| OpenError::S3(format!("unknown option '{option}'")))?;
        builder = builder.with_config(known, value);
    }
    // An endpoint without TLS is allowed if it is configured explicitly.
    let plain = builder.get_config_value(&AmazonS3ConfigKey::Endpoint).is_some_and(|url| url.starts_with("http://"));
    let retry = RetryConfig { max_retries: S3_RETRIES, retry_timeout: S3_RETRY_TIMEOUT, ..RetryConfig::default() };
    let builder = builder.with_allow_http(plain).with_retry(retry);
    let store = builder.build().map_err(|error| OpenError::S3(error.to_string()))?;
    let store = PrefixStore::new(store, Prefix::from(url.path().trim_matches('/')));
    Ok(Blobs { store: Arc::new(store), folder: None, write_size: S3_WRITE_SIZE })
}
