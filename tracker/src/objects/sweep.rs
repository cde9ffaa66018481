//! The sweeper: what nobody refers to any more goes, first from the database, then from the disk.
//!
//! Nothing is deleted because it is found lying there: only what the database has noted. So a server that was started on
//! the wrong database deletes nothing.

use crate::{
    Error, Tracker, clock,
    db::{run, sql},
};

/// Uploads take less than this, and what was uploaded is put to use within it.
const A_DAY: i64 = 24 * 60 * 60;

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
    /// day to end.
    ///
    /// # Errors
    /// [`Error::Unexpected`] when database or disk fail; the next sweep goes on.
    pub async fn sweep(&self) -> Result<Swept, Error> {
        let old = clock::now().plus_seconds(-A_DAY).0;
        let mut swept = Swept { objects: self.forget_unused(old).await?, files: 0 };
        self.let_go_of_bytes().await?;
        let keys: Vec<String> = sql!(self.read().await?.conn(), |c| sqlx::query_scalar(
            "SELECT storage_key FROM stray_bytes WHERE since < $1"
        )
        .bind(old)
        .fetch_all(c))?;
        for key in keys {
            self.blobs().delete(&key).await?;
            let mut write = self.write().await?;
            run!(write.conn(), sqlx::query("DELETE FROM stray_bytes WHERE storage_key = $1").bind(key.as_str()))?;
            write.commit().await?;
            swept.files += 1;
        }
        Ok(swept)
    }

    async fn forget_unused(&self, old: i64) -> Result<u64, Error> {
        let mut write = self.write().await?;
        let forgotten = run!(
            write.conn(),
            sqlx::query(
                "DELETE FROM objects WHERE COALESCE(uploaded_at, created_at) < $1
                 AND NOT EXISTS (SELECT 1 FROM log_images WHERE log_images.object_id = objects.id)"
            )
            .bind(old)
        )?;
        write.commit().await?;
        Ok(forgotten)
    }

    /// Turns blobs that no object has into stray bytes, to be deleted at once. Whoever gives such bytes a new object
    /// meanwhile holds their row, and then they stay.
    async fn let_go_of_bytes(&self) -> Result<(), Error> {
        let mut write = self.write().await?;
        let mut conn = write.conn();
        let keys: Vec<String> = sql!(conn, |c| sqlx::query_scalar(
            "DELETE FROM blobs WHERE NOT EXISTS (SELECT 1 FROM objects WHERE objects.sha256 = blobs.sha256)
             RETURNING storage_key"
        )
        .fetch_all(c))?;
        for key in keys {
            run!(conn, sqlx::query("INSERT INTO stray_bytes (storage_key, since) VALUES ($1, 0)").bind(key.as_str()))?;
        }
        write.commit().await
    }
}
