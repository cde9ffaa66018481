//! Uploads and downloads of whole objects through signed URLs.

use std::{io, ops::Range};

use bytes::Bytes;
use domain::files::{FileName, MediaType};
use futures_util::Stream;
use sha2::{Digest as _, Sha256};
use sqlx::{FromRow, query_as};

use super::{
    SignedAction, SignedUrl,
    blob_lifecycle::{StoredBlob, attach_blob, require_object, unmark_orphaned},
};
use crate::{
    Error, Tracker,
    blobs::{ByteStream, Segment},
    db::{Conn, sql},
};

/// The maximum size of an upload in one request: 5 GiB, as in S3.
pub const UPLOAD_LIMIT: u64 = 5 << 30;

/// An object to download.
#[derive(Debug, Clone)]
pub struct Download {
    /// The name of its file.
    pub filename: FileName,
    /// Its media type, as stated at the upload.
    pub content_type: Option<MediaType>,
    /// Its size in bytes.
    pub size: u64,
    /// Its SHA-256.
    pub sha256: Vec<u8>,
    segments: Vec<Segment>,
}

#[derive(FromRow)]
struct DownloadRow {
    filename: String,
    content_type: Option<String>,
    size: i64,
    sha256: Vec<u8>,
    storage_key: String,
}

impl Tracker {
    /// Stores the bytes of an object, which are durable when this returns. Uploading the same bytes again changes nothing.
    ///
    /// # Errors
    /// Returns [`Error::Forbidden`] if the signed URL is invalid or for another action; [`Error::NotFound`] if the object
    /// does not exist; [`Error::Conflict`] if it has other bytes; [`Error::Invalid`] if the stream fails or is too long;
    /// [`Error::Full`] if there is no space left.
    pub async fn upload(
        &self,
        signed_url: &SignedUrl,
        content_type: Option<&MediaType>,
        body: impl Stream<Item = io::Result<Bytes>>,
    ) -> Result<(), Error> {
        self.verify_signed_url(signed_url).await?;
        if signed_url.action != SignedAction::Upload {
            return Err(Error::Forbidden("this signed URL is not for uploading a whole object".to_owned()));
        }
        require_object(&mut self.read().await?.conn(), signed_url.object).await?;
        let mut hash = Sha256::new();
        let (key, size) = self.store_blob(UPLOAD_LIMIT, Some(&mut hash), body).await?;
        let blob = StoredBlob {
            sha256: hash.finalize().into(),
            size: i64::try_from(size).map_err(Error::unexpected)?,
            key,
            segments: Vec::new(),
        };
        let attached = self.attach_upload(signed_url, content_type, &blob).await;
        // Bytes that are not needed are deleted at once.
        if !matches!(attached, Ok(true)) {
            self.delete_orphaned(std::slice::from_ref(&blob.key)).await;
        }
        attached.map(|_| ())
    }

    async fn attach_upload(
        &self,
        signed_url: &SignedUrl,
        content_type: Option<&MediaType>,
        blob: &StoredBlob,
    ) -> Result<bool, Error> {
        let mut write = self.write().await?;
        let mut conn = write.conn();
        let needed = attach_blob(&mut conn, signed_url.object, content_type, blob).await?;
        if needed {
            unmark_orphaned(&mut conn, &blob.key).await?;
        }
        write.commit().await?;
        Ok(needed)
    }

    /// Returns the object that a signed URL allows to download.
    ///
    /// # Errors
    /// Returns [`Error::Forbidden`] if the signed URL is invalid or for another action; [`Error::NotFound`] if the object
    /// does not exist.
    pub async fn download(&self, signed_url: &SignedUrl) -> Result<Download, Error> {
        self.verify_signed_url(signed_url).await?;
        if signed_url.action != SignedAction::Download {
            return Err(Error::Forbidden("this signed URL is not for downloading".to_owned()));
        }
        load_download(&mut self.read().await?.conn(), signed_url.object.0).await
    }

    /// Streams the bytes in `range`, which must lie within the download's size.
    ///
    /// # Errors
    /// Returns [`Error::Unexpected`] if the bytes cannot be read.
    pub async fn stream_download(&self, download: &Download, range: Range<u64>) -> Result<ByteStream, Error> {
        self.blobs().read_range(&download.segments, range).await
    }
}

/// Returns an object with the segments to read it from.
pub(crate) async fn load_download(conn: &mut Conn<'_>, object: uuid::Uuid) -> Result<Download, Error> {
    let row: Option<DownloadRow> = sql!(*conn, |c| query_as(
        "SELECT o.filename, o.content_type, b.size, b.sha256, b.storage_key
         FROM objects o JOIN blobs b ON b.sha256 = o.sha256 WHERE o.id = $1"
    )
    .bind(object)
    .fetch_optional(c))?;
    let row = row.ok_or(Error::NotFound("object"))?;
    let segments: Vec<(String, i64)> =
        sql!(*conn, |c| query_as("SELECT storage_key, size FROM blob_segments WHERE blob_key = $1 ORDER BY position")
            .bind(row.storage_key.as_str())
            .fetch_all(c))?;
    let segments = if segments.is_empty() { vec![(row.storage_key, row.size)] } else { segments };
    let segment = |(key, size)| Ok(Segment { key, size: u64::try_from(size).map_err(Error::unexpected)? });
    Ok(Download {
        filename: FileName::from_stored(&row.filename),
        content_type: row.content_type.as_deref().and_then(MediaType::parse),
        size: u64::try_from(row.size).map_err(Error::unexpected)?,
        sha256: row.sha256,
        segments: segments.into_iter().map(segment).collect::<Result<_, Error>>()?,
    })
}
