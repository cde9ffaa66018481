//! Sweep (garbage collection): deletes unused objects from the database, then orphaned bytes from the blob store.
//!
//! Only bytes whose keys are recorded in the database are deleted, never files that merely exist in the store. A server
//! started on the wrong database therefore deletes nothing.

use sqlx::query_scalar;

use super::blob_lifecycle::{mark_orphaned, release_unreferenced};
use crate::{
    Error, Tracker, clock,
    db::{run, sql},
};

/// Seconds until an object is deleted that is not uploaded, or is uploaded but not used.
const UNUSED_OBJECT_AGE: i64 = 24 * 60 * 60;
/// Seconds until an upload in parts is deleted that receives no further part.
const ABANDONED_UPLOAD_AGE: i64 = 7 * UNUSED_OBJECT_AGE;

/// The number of objects and files that a sweep deleted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SweepSummary {
    /// Deleted objects, which were never uploaded or never used.
    pub objects: u64,
    /// Deleted files.
    pub files: u64,
}

impl Tracker {
    /// Deletes unused objects, and bytes that no object refers to. Unused objects expire after a day; multipart uploads a
    /// week after the last part.
    ///
    /// # Errors
    /// Returns [`Error::Unexpected`] if the database or the blob store fails; the next sweep deletes the rest.
    pub async fn sweep(&self) -> Result<SweepSummary, Error> {
        let old = clock::now().plus_seconds(-UNUSED_OBJECT_AGE).0;
        let objects = self.delete_unused_objects(old).await?;
        self.orphan_unreferenced().await?;
        let keys: Vec<String> =
            sql!(self.read().await?.conn(), |c| query_scalar("SELECT storage_key FROM stray_bytes WHERE since < $1")
                .bind(old)
                .fetch_all(c))?;
        Ok(SweepSummary { objects, files: self.try_delete_orphaned(&keys).await? })
    }

    /// Starts a sweep in the background, after a deletion that may have orphaned files.
    pub(crate) fn sweep_soon(&self) {
        let tracker = self.clone();
        tokio::spawn(async move {
            if let Err(error) = tracker.sweep().await
                && !tracker.db().is_closed()
            {
                tracing::warn!("sweep failed; the next one will retry: {error}");
            }
        });
    }

    async fn delete_unused_objects(&self, old: i64) -> Result<u64, Error> {
        let mut write = self.write_from_reserve().await?;
        let mut conn = write.conn();
        let abandoned = clock::now().plus_seconds(-ABANDONED_UPLOAD_AGE).0;
        run!(conn, sqlx::query("DELETE FROM uploads WHERE changed_at < $1").bind(abandoned))?;
        let deleted = run!(
            conn,
            sqlx::query(
                "DELETE FROM objects WHERE COALESCE(uploaded_at, created_at) < $1
                 AND NOT EXISTS (SELECT 1 FROM log_images WHERE log_images.object_id = objects.id)
                 AND NOT EXISTS (SELECT 1 FROM artifact_versions WHERE artifact_versions.object_id = objects.id)
                 AND NOT EXISTS (SELECT 1 FROM uploads WHERE uploads.object_id = objects.id)"
            )
            .bind(old)
        )?;
        write.commit().await?;
        Ok(deleted)
    }

    /// Marks blobs without an object, and parts of deleted uploads, as orphaned, to be deleted at once. A concurrent
    /// transaction that attaches such a blob to an object locks its row, and the blob stays.
    async fn orphan_unreferenced(&self) -> Result<(), Error> {
        let mut write = self.write_from_reserve().await?;
        let mut conn = write.conn();
        let unused: Vec<Vec<u8>> = sql!(conn, |c| query_scalar(
            "SELECT sha256 FROM blobs WHERE NOT EXISTS (SELECT 1 FROM objects WHERE objects.sha256 = blobs.sha256)"
        )
        .fetch_all(c))?;
        release_unreferenced(&mut conn, &unused).await?;
        let parts: Vec<String> = sql!(conn, |c| {
            query_scalar(
            "DELETE FROM upload_parts WHERE NOT EXISTS (SELECT 1 FROM uploads WHERE uploads.id = upload_parts.upload_id)
             RETURNING storage_key"
        )
        .fetch_all(c)
        })?;
        mark_orphaned(&mut conn, &parts).await?;
        write.commit().await
    }
}
