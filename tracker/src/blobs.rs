//! Where the bytes of files are: on disk or in a store that speaks S3, through one interface.
//!
//! A file's bytes lie under random keys, in one segment or in several that follow each other; no name from outside ever
//! gets here. Which bytes are whose is the database's matter (`crate::objects`).

mod background_sync;
mod hash;
mod open;
mod read;
mod storage_full;

use std::{io, path::PathBuf, sync::Arc};

use bytes::Bytes;
use futures_util::{Stream, StreamExt as _};
use object_store::{ObjectStore, ObjectStoreExt as _, buffered::BufWriter, path::Path};
use sha2::{Digest as _, Sha256};
use tokio::io::AsyncWriteExt as _;

use background_sync::BackgroundSync;
pub(crate) use hash::{deserialize_hash, hex, serialize_hash};
pub(crate) use open::open_blobs;
pub use read::ByteStream;
pub(crate) use storage_full::{is_storage_full, out_of_space_message, write_error};

use crate::{Error, objects::body_error};

/// The bytes' keeper. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Blobs {
    store: Arc<dyn ObjectStore>,
    /// The folder, when it is one.
    folder: Option<PathBuf>,
    /// What is gathered before it is written.
    write_size: usize,
}

/// Some of a file's bytes, which lie under one key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Segment {
    pub(crate) key: String,
    pub(crate) size: u64,
}

impl Blobs {
    /// A key that nothing is under yet.
    pub(crate) fn random_key() -> Result<String, Error> {
        let mut random = [0u8; 16];
        getrandom::fill(&mut random).map_err(Error::unexpected)?;
        let text = uuid::Builder::from_bytes(random).into_uuid().simple().to_string();
        // Folders with very many files are slow.
        let (folder, file) = text.split_at(2);
        Ok(format!("{folder}/{file}"))
    }

    /// Writes a stream to its end under `key`, and goes on with `hash` meanwhile. When this returns, the bytes are durable.
    /// Gives how many they are.
    ///
    /// # Errors
    /// [`Error::Invalid`] when the stream breaks off or has more than `limit` bytes; [`Error::Full`] when there is no room.
    /// What was written then is gone, or is left to whoever noted the key.
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
                    return Err(Error::Invalid(format!("there are more than the {limit} bytes that fit here")));
                }
                // The one before is being written while this one is hashed.
                if let Some(hash) = &mut hash {
                    hash.update(&chunk);
                }
                writer.put(chunk).await.map_err(write_error)?;
                sync.wrote(length);
            }
            Ok(size)
        };
        let written = written.await;
        match written {
            Ok(size) => writer.shutdown().await.map_err(write_error).map(|()| size),
            Err(error) => {
                // Nothing may have been begun yet; and the key is noted, so that what remains is found.
                let _ = writer.abort().await;
                Err(error)
            }
        }
    }

    /// Deletes what is under `key`, and what an interrupted writing left there. Nothing being there is fine.
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

    /// Where a file is until it is complete, when it is on disk.
    fn staging_path(&self, key: &str) -> Option<PathBuf> {
        self.folder.as_ref().map(|folder| folder.join(format!("{key}#1")))
    }

    /// How many bytes fit yet, where that can be known.
    pub(crate) async fn available_bytes(&self) -> Result<Option<u64>, Error> {
        let Some(folder) = self.folder.clone() else { return Ok(None) };
        let free =
            tokio::task::spawn_blocking(move || fs4::available_space(folder)).await.map_err(Error::unexpected)?;
        free.map(Some).map_err(Error::unexpected)
    }

    /// Whether the store answers.
    pub(crate) async fn ready(&self) -> Result<(), Error> {
        match &self.folder {
            Some(folder) => tokio::fs::metadata(folder).await.map(|_| ()).map_err(Error::unexpected),
            None => match self.store.head(&Path::from("groundglass/is/it/there")).await {
                Ok(_) | Err(object_store::Error::NotFound { .. }) => Ok(()),
                Err(error) => Err(Error::unexpected(error)),
            },
        }
    }
}
