//! Parts of uploads, received in any order by any server. Each part becomes a segment of the file, so bytes are never
//! copied.
//!
//! Parts that arrive in order are hashed while they are written; the hash state is stored with the upload. The others are
//! read again at the end.

use std::io;

use bytes::Bytes;
use domain::{
    files::MediaType,
    ids::{ObjectId, UploadId},
};
use futures_util::{Stream, StreamExt as _};
use sha2::{Digest as _, Sha256};
use sqlx::{FromRow, query_as, query_scalar};
use uuid::Uuid;

use super::blob_lifecycle::{StoredBlob, attach_blob, mark_orphaned, unmark_orphaned};
use crate::{
    Error, Tracker,
    blobs::{Blobs, Segment, deserialize_hash, serialize_hash},
    clock,
    db::{Conn, Write, run, sql},
};

/// The maximum number of parts in an upload.
pub const MAX_PARTS: i64 = 10_000;

/// An unfinished upload.
#[derive(FromRow)]
pub(super) struct UploadRow {
    pub(super) object_id: Uuid,
    pub(super) content_type: Option<String>,
    pub(super) hashed_parts: i64,
    pub(super) hash_state: Option<Vec<u8>>,
}

/// A received part.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub(crate) struct PartRow {
    pub(crate) number: i64,
    pub(crate) storage_key: String,
    pub(crate) size: i64,
}

/// Inserts an upload without parts.
pub(super) async fn insert_upload(
    conn: &mut Conn<'_>,
    id: UploadId,
    object: ObjectId,
    content_type: Option<&MediaType>,
) -> Result<(), Error> {
    run!(
        *conn,
        sqlx::query("INSERT INTO uploads (id, object_id, content_type, changed_at) VALUES ($1, $2, $3, $4)")
            .bind(id.0)
            .bind(object.0)
            .bind(content_type.map(MediaType::as_str))
            .bind(clock::now().0)
    )?;
    Ok(())
}

/// Returns the upload, or `None` if it does not exist. `lock` is a locking clause, or empty.
pub(super) async fn find_upload(conn: &mut Conn<'_>, upload: UploadId, lock: &str) -> Result<Option<UploadRow>, Error> {
    let statement =
        format!("SELECT object_id, content_type, hashed_parts, hash_state FROM uploads WHERE id = $1{lock}");
    Ok(sql!(*conn, |c| query_as(sqlx::AssertSqlSafe(statement.as_str())).bind(upload.0).fetch_optional(c))?)
}

/// Returns the received parts, ordered by number.
pub(super) async fn list_parts(conn: &mut Conn<'_>, upload: UploadId) -> Result<Vec<PartRow>, Error> {
    Ok(sql!(*conn, |c| query_as(
        "SELECT number, storage_key, size FROM upload_parts WHERE upload_id = $1 ORDER BY number"
    )
    .bind(upload.0)
    .fetch_all(c))?)
}

impl Tracker {
    /// Stores part `number` of an upload, with at most `limit` bytes, or exactly that many if `exact`. Replaces an earlier
    /// part of the same number. Returns the storage key.
    pub(super) async fn store_part(
        &self,
        upload: UploadId,
        number: i64,
        (limit, exact): (u64, bool),
        body: impl Stream<Item = io::Result<Bytes>>,
    ) -> Result<String, Error> {
        if !(1..=MAX_PARTS).contains(&number) {
            return Err(invalid_part_number());
        }
        let row = find_upload(&mut self.read().await?.conn(), upload, "").await?.ok_or(Error::NotFound("upload"))?;
        let mut hash = if number == row.hashed_parts + 1 { Some(resume_hash(&row)?) } else { None };
        let (key, size) = self.store_blob(limit, hash.as_mut(), body).await?;
        let recorded = if exact && size != limit {
            Err(Error::Invalid(format!("part {number} has {size} bytes but must have {limit}; send it again")))
        } else {
            self.record_part(upload, PartRow { number, storage_key: key.clone(), size: size.cast_signed() }, hash).await
        };
        match recorded {
            Ok(replaced) => self.delete_orphaned(&replaced).await,
            Err(error) => {
                self.delete_orphaned(std::slice::from_ref(&key)).await;
                return Err(error);
            }
        }
        Ok(key)
    }

    /// Records a part. Returns the key of the part that it replaces, if any.
    async fn record_part(&self, upload: UploadId, part: PartRow, hash: Option<Sha256>) -> Result<Vec<String>, Error> {
        let mut write = self.write().await?;
        let mut conn = write.conn();
        let lock = conn.for_update();
        let row = find_upload(&mut conn, upload, lock).await?.ok_or(Error::NotFound("upload"))?;
        let replaced: Vec<String> =
            sql!(conn, |c| query_scalar("SELECT storage_key FROM upload_parts WHERE upload_id = $1 AND number = $2")
                .bind(upload.0)
                .bind(part.number)
                .fetch_all(c))?;
        run!(
            conn,
            sqlx::query(
                "INSERT INTO upload_parts (upload_id, number, storage_key, size) VALUES ($1, $2, $3, $4)
                 ON CONFLICT (upload_id, number) DO UPDATE SET storage_key = excluded.storage_key, size = excluded.size"
            )
            .bind(upload.0)
            .bind(part.number)
            .bind(part.storage_key.as_str())
            .bind(part.size)
        )?;
        let (hashed, state) = match hash {
            Some(hash) if part.number == row.hashed_parts + 1 => (part.number, Some(serialize_hash(&hash))),
            // A hashed part was replaced: all parts are read again at the end.
            _ if part.number <= row.hashed_parts => (0, None),
            _ => (row.hashed_parts, row.hash_state),
        };
        run!(
            conn,
            sqlx::query("UPDATE uploads SET hashed_parts = $2, hash_state = $3, changed_at = $4 WHERE id = $1")
                .bind(upload.0)
                .bind(hashed)
                .bind(state)
                .bind(clock::now().0)
        )?;
        unmark_orphaned(&mut conn, &part.storage_key).await?;
        mark_orphaned(&mut conn, &replaced).await?;
        write.commit().await?;
        Ok(replaced)
    }

    /// Hashes the concatenated parts, reading those that were not hashed on arrival.
    pub(super) async fn hash_parts(&self, row: &UploadRow, parts: &[PartRow]) -> Result<StoredBlob, Error> {
        let in_order = (1i64..).zip(parts).take_while(|(number, part)| *number == part.number).count();
        let hashed = usize::try_from(row.hashed_parts).unwrap_or(0);
        let (mut hash, rest) = if hashed <= in_order { (resume_hash(row)?, hashed) } else { (Sha256::new(), 0) };
        let segments =
            parts.iter().map(|part| Segment { key: part.storage_key.clone(), size: part.size.cast_unsigned() });
        let segments: Vec<Segment> = segments.collect();
        let to_read: u64 = segments[rest..].iter().map(|segment| segment.size).sum();
        let mut bytes = self.blobs().read_range(&segments[rest..], 0..to_read).await?;
        while let Some(chunk) = bytes.next().await {
            hash.update(&chunk.map_err(Error::unexpected)?);
        }
        let size = parts.iter().map(|part| part.size).sum();
        Ok(StoredBlob { sha256: hash.finalize().into(), size, key: Blobs::random_key()?, segments })
    }

    /// Completes an upload: attaches `parts`, which `blob` is the hash of, to the object. Returns the keys of parts that
    /// are not needed, marked as orphaned.
    ///
    /// # Errors
    /// Returns [`Error::NotFound`] if the upload does not exist; [`Error::Conflict`] if a part was replaced after hashing.
    pub(super) async fn assemble_parts(
        &self,
        write: &mut Write,
        upload: UploadId,
        parts: &[PartRow],
        blob: &StoredBlob,
    ) -> Result<Vec<String>, Error> {
        let mut conn = write.conn();
        let lock = conn.for_update();
        let row = find_upload(&mut conn, upload, lock).await?.ok_or(Error::NotFound("upload"))?;
        let received = list_parts(&mut conn, upload).await?;
        if !parts.iter().all(|part| received.contains(part)) {
            return Err(Error::Conflict(
                "parts of this upload were replaced while it was being completed; complete it again".to_owned(),
            ));
        }
        let content_type = row.content_type.as_deref().and_then(MediaType::parse);
        let needed = attach_blob(&mut conn, ObjectId(row.object_id), content_type.as_ref(), blob).await?;
        let orphaned = received.into_iter().filter(|part| !needed || part.size == 0 || !parts.contains(part));
        let orphaned: Vec<String> = orphaned.map(|part| part.storage_key).collect();
        mark_orphaned(&mut conn, &orphaned).await?;
        run!(conn, sqlx::query("DELETE FROM upload_parts WHERE upload_id = $1").bind(upload.0))?;
        run!(conn, sqlx::query("DELETE FROM uploads WHERE id = $1").bind(upload.0))?;
        Ok(orphaned)
    }

    /// Deletes an upload with its parts.
    pub(super) async fn discard_upload(&self, upload: UploadId) -> Result<(), Error> {
        let mut write = self.write_from_reserve().await?;
        let mut conn = write.conn();
        let parts: Vec<String> =
            sql!(conn, |c| query_scalar("DELETE FROM upload_parts WHERE upload_id = $1 RETURNING storage_key")
                .bind(upload.0)
                .fetch_all(c))?;
        mark_orphaned(&mut conn, &parts).await?;
        run!(conn, sqlx::query("DELETE FROM uploads WHERE id = $1").bind(upload.0))?;
        write.commit().await?;
        self.delete_orphaned(&parts).await;
        Ok(())
    }
}

/// Returns the error for a part number out of range.
pub(super) fn invalid_part_number() -> Error {
    Error::Invalid(format!("part numbers must be between 1 and {MAX_PARTS}"))
}

fn resume_hash(row: &UploadRow) -> Result<Sha256, Error> {
    match &row.hash_state {
        None => Ok(Sha256::new()),
        Some(state) => {
            deserialize_hash(state).ok_or_else(|| Error::unexpected("the stored hash state of an upload is invalid"))
        }
    }
}
