//! Blob lifecycle: keys are recorded before writing, attached to an object once the bytes are durable, and deleted when
//! unreferenced.
//!
//! The table `stray_bytes` holds the keys of orphaned bytes: bytes that are being written, or that no object refers to.

use std::io;

use bytes::Bytes;
use domain::{files::MediaType, ids::ObjectId};
use futures_util::{Stream, StreamExt as _};
use sha2::Sha256;
use sqlx::query_scalar;
use uuid::Uuid;

use crate::{
    Error, Tracker,
    blobs::{Blobs, Segment},
    clock,
    db::{Conn, bulk, bulk_rows, run, sql},
    error::{Failure, is_storage_full},
};

/// Durable bytes that can be attached to an object.
pub(crate) struct StoredBlob {
    pub(crate) sha256: [u8; 32],
    pub(crate) size: i64,
    /// The storage key. If there are segments, no bytes are stored under it.
    pub(crate) key: String,
    /// The segments of bytes uploaded in parts; otherwise empty.
    pub(crate) segments: Vec<Segment>,
}

impl Tracker {
    /// Writes a stream under a new key, which is recorded as orphaned first. Returns the key and the size in bytes.
    ///
    /// # Errors
    /// Returns [`Error::Full`] if there is no space left; [`Error::Invalid`] if the stream fails or is longer than `limit`.
    pub(crate) async fn store_blob(
        &self,
        limit: u64,
        hash: Option<&mut Sha256>,
        body: impl Stream<Item = io::Result<Bytes>>,
    ) -> Result<(String, u64), Error> {
        let space = self.available_bytes().await?;
        let key = Blobs::random_key()?;
        let mut write = self.write().await?;
        run!(
            write.conn(),
            sqlx::query("INSERT INTO stray_bytes (storage_key, since) VALUES ($1, $2)")
                .bind(key.as_str())
                .bind(clock::now().0)
        )?;
        write.commit().await?;
        match self.blobs().put_stream(&key, limit, hash, limit_to_space(space, body)).await {
            Ok(size) => Ok((key, size)),
            Err(error) => {
                self.delete_orphaned(std::slice::from_ref(&key)).await;
                Err(error)
            }
        }
    }

    /// Returns how many bytes may be written before the disk is full or the storage limit is reached. Reserves disk space
    /// for the database.
    ///
    /// # Errors
    /// Returns [`Error::Unexpected`] if the disk or the database fails.
    pub(crate) async fn available_bytes(&self) -> Result<u64, Error> {
        const DATABASE_RESERVE: u64 = 8 << 20;
        let free_on_disk =
            self.blobs().available_bytes().await?.map_or(u64::MAX, |free| free.saturating_sub(DATABASE_RESERVE));
        let Some(limit) = self.storage_limit() else { return Ok(free_on_disk) };
        let used: i64 = sql!(self.read().await?.conn(), |c| query_scalar(
            "SELECT CAST((SELECT COALESCE(SUM(size), 0) FROM blobs)
                       + (SELECT COALESCE(SUM(size), 0) FROM upload_parts) AS BIGINT)"
        )
        .fetch_one(c))?;
        Ok(free_on_disk.min(limit.saturating_sub(u64::try_from(used).unwrap_or(0))))
    }

    /// Checks before an upload that `bytes` fit.
    ///
    /// # Errors
    /// Returns [`Error::Full`] if they do not.
    pub(crate) async fn require_space(&self, bytes: u64) -> Result<(), Error> {
        let space = self.available_bytes().await?;
        if bytes <= space {
            return Ok(());
        }
        Err(Error::Full(format!(
            "the file has {} MiB, but the server has only {} MiB of free space; delete files you no longer need, or ask \
             the server's administrator for more",
            bytes.div_ceil(1 << 20),
            space >> 20
        )))
    }

    /// Deletes the bytes under keys that are recorded as orphaned. If that fails, the next sweep deletes them.
    pub(crate) async fn delete_orphaned(&self, keys: &[String]) {
        if let Err(error) = self.try_delete_orphaned(keys).await {
            tracing::warn!("could not delete bytes; the next sweep will: {error}");
        }
    }

    /// Deletes the bytes under these keys, then their records. Returns the number of keys, or 0 while a deletion lease is
    /// held.
    pub(super) async fn try_delete_orphaned(&self, keys: &[String]) -> Result<u64, Error> {
        if keys.is_empty() || self.has_deletion_lease().await? {
            return Ok(0);
        }
        for chunk in keys.chunks(200) {
            for key in chunk {
                self.blobs().delete(key).await?;
            }
            let mut write = self.write_from_reserve().await?;
            bulk!(write.conn(), "DELETE FROM stray_bytes WHERE storage_key IN (", |q| {
                let mut list = q.separated(", ");
                chunk.iter().for_each(|key| {
                    list.push_bind(key.as_str());
                });
                q.push(")")
            })?;
            write.commit().await?;
        }
        Ok(keys.len() as u64)
    }
}

/// Deletes the rows of those blobs that no object refers to, and marks their bytes as orphaned. Returns the number of bytes
/// that become free, and the keys to delete after the commit.
pub(crate) async fn release_unreferenced(conn: &mut Conn<'_>, hashes: &[Vec<u8>]) -> Result<(u64, Vec<String>), Error> {
    let (mut freed, mut keys) = (0, Vec::new());
    for chunk in hashes.chunks(200) {
        // Locks the rows: a concurrent transaction that attaches such a blob has then committed, and its object is visible.
        let _locked: Vec<(i64,)> = bulk_rows!(*conn, (i64,), "UPDATE blobs SET size = size WHERE sha256 IN (", |q| {
            let mut list = q.separated(", ");
            chunk.iter().for_each(|hash| {
                list.push_bind(hash.as_slice());
            });
            q.push(") RETURNING size")
        })?;
        let deleted = bulk_rows!(*conn, (String, i64), "DELETE FROM blobs WHERE sha256 IN (", |q| {
            let mut list = q.separated(", ");
            chunk.iter().for_each(|hash| {
                list.push_bind(hash.as_slice());
            });
            q.push(
                ") AND NOT EXISTS (SELECT 1 FROM objects WHERE objects.sha256 = blobs.sha256)
                 RETURNING storage_key, size",
            )
        })?;
        freed += deleted.iter().map(|(_, size)| size.cast_unsigned()).sum::<u64>();
        keys.extend(deleted.into_iter().map(|(key, _)| (key,)));
    }
    Ok((freed, orphan_blobs(conn, keys).await?))
}

/// Marks the bytes of deleted blobs as orphaned, to be deleted at once. Returns all their keys.
pub(super) async fn orphan_blobs(conn: &mut Conn<'_>, blob_keys: Vec<(String,)>) -> Result<Vec<String>, Error> {
    let mut keys = Vec::with_capacity(blob_keys.len());
    for (key,) in blob_keys {
        let segments: Vec<String> =
            sql!(*conn, |c| query_scalar("DELETE FROM blob_segments WHERE blob_key = $1 RETURNING storage_key")
                .bind(key.as_str())
                .fetch_all(c))?;
        keys.extend(segments);
        keys.push(key);
    }
    mark_orphaned(conn, &keys).await?;
    Ok(keys)
}

/// Records keys as orphaned, to be deleted at once.
pub(super) async fn mark_orphaned(conn: &mut Conn<'_>, keys: &[String]) -> Result<(), Error> {
    for chunk in keys.chunks(200) {
        bulk!(*conn, "INSERT INTO stray_bytes (storage_key, since) ", |q| {
            q.push_values(chunk, |mut row, key| {
                row.push_bind(key.as_str()).push_bind(0i64);
            });
            q.push(" ON CONFLICT (storage_key) DO UPDATE SET since = 0")
        })?;
    }
    Ok(())
}

/// Deletes the record that a key is orphaned.
pub(crate) async fn unmark_orphaned(conn: &mut Conn<'_>, key: &str) -> Result<(), Error> {
    run!(*conn, sqlx::query("DELETE FROM stray_bytes WHERE storage_key = $1").bind(key))?;
    Ok(())
}

/// Attaches a blob to an object. Returns `false` if the same bytes were already stored, so that these are not needed.
///
/// # Errors
/// Returns [`Error::Conflict`] if the object has other bytes; [`Error::NotFound`] if it does not exist.
pub(crate) async fn attach_blob(
    conn: &mut Conn<'_>,
    object: ObjectId,
    content_type: Option<&MediaType>,
    blob: &StoredBlob,
) -> Result<bool, Error> {
    let at = clock::now().0;
    // The update changes nothing. It locks the row, so that it is not swept before this transaction ends.
    let stored_key: String = sql!(*conn, |c| query_scalar(
        "INSERT INTO blobs (sha256, storage_key, size, created_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (sha256) DO UPDATE SET size = excluded.size RETURNING storage_key"
    )
    .bind(blob.sha256.as_slice())
    .bind(blob.key.as_str())
    .bind(blob.size)
    .bind(at)
    .fetch_one(c))?;
    let changed = run!(
        *conn,
        sqlx::query(
            "UPDATE objects SET sha256 = $2, content_type = COALESCE($3, content_type), uploaded_at = $4
             WHERE id = $1 AND (sha256 IS NULL OR sha256 = $2)"
        )
        .bind(object.0)
        .bind(blob.sha256.as_slice())
        .bind(content_type.map(MediaType::as_str))
        .bind(at)
    )?;
    if changed == 0 {
        require_object(conn, object).await?;
        return Err(Error::Conflict(
            "this object is already uploaded with other content; create a new object".to_owned(),
        ));
    }
    let needed = stored_key == blob.key;
    if needed {
        for (position, segment) in (0i64..).zip(&blob.segments) {
            run!(
                *conn,
                sqlx::query(
                    "INSERT INTO blob_segments (blob_key, position, storage_key, size) VALUES ($1, $2, $3, $4)"
                )
                .bind(blob.key.as_str())
                .bind(position)
                .bind(segment.key.as_str())
                .bind(i64::try_from(segment.size).map_err(Error::unexpected)?)
            )?;
        }
    }
    Ok(needed)
}

/// Checks that the object exists.
///
/// # Errors
/// Returns [`Error::NotFound`] if it does not.
pub(super) async fn require_object(conn: &mut Conn<'_>, object: ObjectId) -> Result<(), Error> {
    let found: Option<Uuid> =
        sql!(*conn, |c| query_scalar("SELECT id FROM objects WHERE id = $1").bind(object.0).fetch_optional(c))?;
    found.map(|_| ()).ok_or(Error::NotFound("object"))
}

/// Returns a stream that fails with [`io::ErrorKind::StorageFull`] once `body` exceeds `space` bytes.
fn limit_to_space(space: u64, body: impl Stream<Item = io::Result<Bytes>>) -> impl Stream<Item = io::Result<Bytes>> {
    let mut left = space;
    body.map(move |chunk| {
        let chunk = chunk?;
        match left.checked_sub(chunk.len() as u64) {
            Some(rest) => left = rest,
            None => return Err(io::ErrorKind::StorageFull.into()),
        }
        Ok(chunk)
    })
}

/// Converts the error of a request body.
pub(crate) fn body_error(error: &io::Error) -> Error {
    if is_storage_full(error) {
        return Error::from_failure(Failure::FullStorage);
    }
    Error::Invalid(format!("the file was not received completely: {error}"))
}
