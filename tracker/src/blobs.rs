//! Blob store: the bytes of uploaded files, on disk or in an S3-compatible store.
//!
//! Each file is stored under a random key, or as several consecutive segments with a key each. Names from outside never
//! become keys. The database records which object has which bytes (`crate::objects`).

mod background_sync;
mod hash;
mod open;
mod read;

use std::{io, path::PathBuf, sync::Arc};

use bytes::Bytes;
use futures_util::{Stream, StreamExt as _};
use object_store::{ObjectStore, ObjectStoreExt as _, buffered::BufWriter, path::Path};
use sha2::{Digest as _, Sha256};
use tokio::io::AsyncWriteExt as _;

use background_sync::BackgroundSync;
pub(crate) use hash::{decode_hex, deserialize_hash, encode_hex, serialize_hash};
pub(crate) use open::{folder_on_disk, open_blobs};
pub use read::ByteStream;

use crate::{Error, db, objects::body_error};

/// Blob store. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Blobs {
    store: Arc<dyn ObjectStore>,
    /// The directory, if the store is on disk.
    folder: Option<PathBuf>,
    /// Bytes to buffer for each write.
    write_size: usize,
}

/// A consecutive range of a file's bytes, stored under one key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Segment {
    pub(crate) key: String,
    pub(crate) size: u64,
}

impl Blobs {
    /// Returns a new random key.
    pub(crate) fn random_key() -> Result<String, Error> {
        let mut random = [0u8; 16];
        getrandom::fill(&mut random).map_err(Error::unexpected)?;
        let text = uuid::Builder::from_bytes(random).into_uuid().simple().to_string();
        // Directories with very many files are slow.
        let (folder, file) = text.split_at(2);
        Ok(format!("{folder}/{file}"))
    }

    /// Writes a whole stream under `key`, updates `hash` with it, and returns its size in bytes. The bytes are durable
    /// when this returns.
    ///
    /// # Errors
    /// Returns [`Error::Invalid`] if the stream fails or has more than `limit` bytes; [`Error::Full`] if there is no space
    /// left. Bytes already written may remain; the caller deletes them by `key`.
    pub(crate) async fn put_stream(
        &self,
        key: &str,
        limit: u64,
        mut hash: Option<&mut Sha256>,
        body: impl Stream<Item = io::Result<Bytes>>,
    ) -> Result<u64, Error> {
        let mut writer =
            BufWriter::with_capacity(self.store.clone(), Path::from(key), self.write_size).with_max_concurrency(2);
        let mut sync = BackgroundSync::new(self.staging_path(key));
        let written = async {
            let mut body = std::pin::pin!(body);
            let mut size = 0u64;
            while let Some(chunk) = body.next().await {
                let chunk = chunk.map_err(|error| body_error(&error))?;
                let length = chunk.len() as u64;
                size += length;
                if size > limit {
                    return Err(Error::Invalid(format!("the uploaded data exceeds the limit of {limit} bytes")));
                }
                // The previous chunk is written while this one is hashed.
                if let Some(hash) = &mut hash {
                    hash.update(&chunk);
                }
                writer.put(chunk).await.map_err(Error::unexpected)?;
                sync.record_written(length);
            }
            Ok(size)
        };
        let written = written.await;
        match written {
            Ok(size) => writer.shutdown().await.map_err(Error::unexpected).map(|()| size),
            Err(error) => {
                // Fails if no write has started. Remaining bytes are found by their recorded key.
                let _ = writer.abort().await;
                Err(error)
            }
        }
    }

    /// Deletes the bytes under `key`, including those of an interrupted write. Succeeds if there are no bytes.
    pub(crate) async fn delete(&self, key: &str) -> Result<(), Error> {
        if let Some(staging_path) = self.staging_path(key) {
            match tokio::fs::remove_file(staging_path).await {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(Error::unexpected(error)),
                _ => {}
            }
        }
        match self.store.delete(&Path::from(key)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(Error::unexpected(error)),
        }
    }

    /// Deletes the folder of `key` if it is empty.
    pub(crate) fn delete_empty_folder(&self, key: &str) {
        if let Some(folder) = self.folder.as_ref().and_then(|folder| Some(folder.join(key).parent()?.to_owned())) {
            // Fails for a folder that is not empty.
            let _ = std::fs::remove_dir(folder);
        }
    }

    /// Returns whether the store has no bytes. Returns `true` if it does not respond.
    pub(crate) async fn is_empty(&self) -> bool {
        !matches!(self.store.list(None).next().await, Some(Ok(_)))
    }

    /// Returns the path of the file while it is incomplete, or `None` if the store is not on disk.
    fn staging_path(&self, key: &str) -> Option<PathBuf> {
        self.folder.as_ref().map(|folder| folder.join(format!("{key}#1")))
    }

    /// Returns the free disk space in bytes, or `None` if the store is not on disk.
    pub(crate) async fn available_bytes(&self) -> Result<Option<u64>, Error> {
        let Some(folder) = self.folder.clone() else { return Ok(None) };
        let free =
            tokio::task::spawn_blocking(move || fs4::available_space(folder)).await.map_err(Error::unexpected)?;
        free.map(Some).map_err(Error::unexpected)
    }

    /// Checks that the store responds. On disk, also checks that it has space.
    pub(crate) async fn ready(&self) -> Result<(), Error> {
        match &self.folder {
            Some(folder) => db::require_writable_folder(folder).await.map_err(Error::unexpected),
            None => match self.store.head(&Path::from("groundglass/is/it/there")).await {
                Ok(_) | Err(object_store::Error::NotFound { .. }) => Ok(()),
                Err(error) => Err(Error::unexpected(error)),
            },
        }
    }
}
