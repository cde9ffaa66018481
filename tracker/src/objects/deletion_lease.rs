//! Holding on to bytes: while a hold lasts, no server on the same database deletes any bytes of files.
//!
//! Deleting things goes on; what they leave is noted as stray, and a later sweep deletes it.

use std::{future::Future, time::Duration};

use sqlx::query_scalar;
use uuid::Uuid;

use crate::{
    Error, Tracker, clock,
    db::{run, sql},
};

/// How long a hold lasts that nobody prolongs, in seconds: whoever took it was killed.
const LASTS: i64 = 10 * 60;
/// How often it is prolonged.
const EVERY: Duration = Duration::from_secs(60);

impl Tracker {
    /// Does `work` while no bytes are deleted: what the database refers to when `work` begins can be read until it ends.
    ///
    /// # Errors
    /// The work's, and [`Error::Unexpected`] when the database fails.
    pub(crate) async fn with_deletion_lease<T, E: From<Error>>(
        &self,
        work: impl Future<Output = Result<T, E>>,
    ) -> Result<T, E> {
        let lease = Uuid::now_v7();
        self.renew_deletion_lease(lease).await?;
        let done = tokio::select! {
            done = work => done,
            failed = self.keep_renewing_lease(lease) => Err(failed.into()),
        };
        let mut write = self.write().await?;
        run!(write.conn(), sqlx::query("DELETE FROM byte_holds WHERE id = $1").bind(lease)).map_err(Error::from)?;
        write.commit().await?;
        done
    }

    /// Whether somebody holds on to the bytes. Asked after the bytes were noted as stray: who takes a hold later does not
    /// know of them any more.
    pub(super) async fn has_deletion_lease(&self) -> Result<bool, Error> {
        let holds: i64 =
            sql!(self.read().await?.conn(), |c| query_scalar("SELECT COUNT(*) FROM byte_holds WHERE ends_at > $1")
                .bind(clock::now().0)
                .fetch_one(c))?;
        Ok(holds > 0)
    }

    async fn renew_deletion_lease(&self, lease: Uuid) -> Result<(), Error> {
        let now = clock::now();
        let mut write = self.write().await?;
        let mut conn = write.conn();
        run!(conn, sqlx::query("DELETE FROM byte_holds WHERE ends_at <= $1").bind(now.0))?;
        run!(
            conn,
            sqlx::query(
                "INSERT INTO byte_holds (id, ends_at) VALUES ($1, $2)
                 ON CONFLICT (id) DO UPDATE SET ends_at = excluded.ends_at"
            )
            .bind(lease)
            .bind(now.plus_seconds(LASTS).0)
        )?;
        write.commit().await
    }

    /// Ends only by an error.
    async fn keep_renewing_lease(&self, lease: Uuid) -> Error {
        loop {
            tokio::time::sleep(EVERY).await;
            if let Err(error) = self.renew_deletion_lease(lease).await {
                return error;
            }
        }
    }
}
