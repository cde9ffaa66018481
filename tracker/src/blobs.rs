//! Where the bytes of files are: on disk, through an interface that other stores have as well.
//!
//! A file's bytes lie under a random key; no name from outside ever gets here. Which bytes are whose is the database's
//! matter (`crate::objects`).

mod place;

use std::{io, ops::Range, path::PathBuf, sync::Arc};

use bytes::Bytes;
use futures_util::{Stream, StreamExt as _, stream::BoxStream};
use object_store::{GetOptions, ObjectStore, ObjectStoreExt as _, buffered::BufWriter, path::Path};
use sha2::{Digest as _, Sha256};
use tokio::io::AsyncWriteExt as _;

pub(crate) use place::open;

use crate::Error;

/// What is gathered before it is written. Stores other than disks want parts of at least 5 MiB.
const PART: usize = 8 << 20;

/// The bytes' keeper. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Blobs {
    store: Arc<dyn ObjectStore>,
    /// The folder, when it is one.
    folder: Option<PathBuf>,
}

/// Bytes that were kept, and what they turned out to be.
pub(crate) struct Kept {
    pub(crate) sha256: [u8; 32],
    pub(crate) size: i64,
}

impl Blobs {
    /// A key that nothing is under yet.
    pub(crate) fn draw_key() -> Result<String, Error> {
        let mut random = [0u8; 16];
        getrandom::fill(&mut random).map_err(Error::unexpected)?;
        let text = uuid::Builder::from_bytes(random).into_uuid().simple().to_string();
        // Folders with very many files are slow.
        let (folder, file) = text.split_at(2);
        Ok(format!("{folder}/{file}"))
    }

    /// Writes a stream to its end under `key` and hashes it meanwhile. When this returns, the bytes are durable.
    ///
    /// # Errors
    /// [`Error::Invalid`] when the stream breaks off or has more than `limit` bytes. What was written then is gone, or is
    /// left to whoever noted the key.
    pub(crate) async fn keep(
        &self,
        key: &str,
        limit: u64,
        body: impl Stream<Item = io::Result<Bytes>>,
    ) -> Result<Kept, Error> {
        let mut writer = BufWriter::with_capacity(self.store.clone(), Path::from(key), PART).with_max_concurrency(1);
        let mut body = std::pin::pin!(body);
        let (mut hash, mut size) = (Sha256::new(), 0u64);
        while let Some(chunk) = body.next().await {
            let chunk = chunk.map_err(|error| Error::Invalid(format!("the file did not arrive whole: {error}")))?;
            size += chunk.len() as u64;
            if size > limit {
                return Err(Error::Invalid(format!("the file is larger than {} GiB, the most that fits", limit >> 30)));
            }
            hash.update(&chunk);
            writer.put(chunk).await.map_err(Error::unexpected)?;
        }
        writer.shutdown().await.map_err(Error::unexpected)?;
        Ok(Kept { sha256: hash.finalize().into(), size: i64::try_from(size).map_err(Error::unexpected)? })
    }

    /// The bytes in `range` of what is under `key`.
    pub(crate) async fn read(
        &self,
        key: &str,
        range: Range<u64>,
    ) -> Result<BoxStream<'static, io::Result<Bytes>>, Error> {
        if range.is_empty() {
            return Ok(futures_util::stream::empty().boxed());
        }
        let options = GetOptions::new().with_range(Some(range));
        let found = self.store.get_opts(&Path::from(key), options).await.map_err(Error::unexpected)?;
        let checked = found.into_stream().map(|chunk| match chunk {
            // A file that was cut short would otherwise be read at its end for ever.
            Ok(chunk) if chunk.is_empty() => Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(chunk) => Ok(chunk),
            Err(error) => Err(io::Error::other(error)),
        });
        Ok(checked.boxed())
    }

    /// Deletes what is under `key`, and what an interrupted writing left there. Nothing being there is fine.
    pub(crate) async fn delete(&self, key: &str) -> Result<(), Error> {
        if let Some(folder) = &self.folder {
            let unfinished = folder.join(format!("{key}#1"));
            match tokio::fs::remove_file(unfinished).await {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(Error::unexpected(error)),
                _ => {}
            }
        }
        match self.store.delete(&Path::from(key)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(Error::unexpected(error)),
        }
    }
}
