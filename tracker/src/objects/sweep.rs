//! The sweeper: what nobody refers to any more goes, first from the database, then from the disk.
//!
//! Nothing is deleted because it is found lying there: only what the database has noted. So a server that was started on
//! the wrong database deletes nothing.

use sqlx::query_scalar;

use super::blob_lifecycle::{mark_orphaned, release_unreferenced};
use crate::{
    Error, Tracker, clock,
    db::{run, sql},
};

/// An upload in one piece takes less than this, and what was uploaded is put to use within it.
const A_DAY: i64 = 24 * 60 * 60;
/// An upload in parts is gone on with within this.
const A_WEEK: i64 = 7 * A_DAY;

/// What a sweep got rid of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Swept {
    /// Objects that were never uploaded, or never used.
    pub objects: u64,
    /// Files.
    pub files: u64,
}

impl Tracker {
    /// Forgets objects that nothing uses and deletes bytes that no object has. Objects get a day to be used, uploads a
    /// day to end, or a week after their last part.
    ///
    /// # Errors
    /// [`Error::Unexpected`] when database or disk fail; the next sweep goes on.
    pub async fn sweep(&self) -> Result<Swept, Error> {
        let old = clock::now().plus_seconds(-A_DAY).0;
        let objects = self.delete_unused_objects(old).await?;
        self.orphan_unreferenced().await?;
        let keys: Vec<String> =
            sql!(self.read().await?.conn(), |c| query_scalar("SELECT storage_key FROM stray_bytes WHERE since < $1")
                .bind(old)
                .fetch_all(c))?;
        Ok(Swept { objects, files: self.try_delete_orphaned(&keys).await? })
    }

    /// Sweeps beside whoever asked for it: what they deleted had files.
    pub(crate) fn sweep_soon(&self) {
        let tracker = self.clone();
        tokio::spawn(async move {
            if let Err(error) = tracker.sweep().await
                && !tracker.db().is_closed()
            {
                tracing::warn!("could not sweep; it will be tried again: {error}");
            }
        });
    }

    async fn delete_unused_objects(&self, old: i64) -> Result<u64, Error> {
        let mut write = self.write().await?;
        let mut conn = write.conn();
        let abandoned = clock::now().plus_seconds(-A_WEEK).0;
        run!(conn, sqlx::query("DELETE FROM uploads WHERE changed_at < $1").bind(abandoned))?;
        let forgotten = run!(
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
        Ok(forgotten)
    }

    /// Turns blobs that no object has, and parts of uploads that are gone, into stray bytes, to be deleted at once. Whoever
    /// gives such bytes a new object meanwhile holds their row, and then they stay.
    async fn orphan_unreferenced(&self) -> Result<(), Error> {
        let mut write = self.write().await?;
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
