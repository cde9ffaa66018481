//! Deletion lease: while one is held, no server on the same database deletes bytes from the blob store.
//!
//! Objects can still be deleted. Their bytes are marked as orphaned, and a later sweep deletes them. The table `byte_holds`
//! holds the leases.

use std::{future::Future, time::Duration};

use sqlx::query_scalar;
use uuid::Uuid;

use crate::{
    Error, Tracker, clock,
    db::{run, sql},
};

/// Seconds until a lease expires that is not renewed, because its process was killed.
const LEASE_SECONDS: i64 = 10 * 60;
/// Time between renewals.
const RENEWAL_INTERVAL: Duration = Duration::from_secs(60);

impl Tracker {
    /// Runs `work` while holding a lease: all bytes that the database refers to at its start remain readable until its end.
    ///
    /// # Errors
    /// Returns the error of `work`, or [`Error::Unexpected`] if the database fails.
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
        let mut write = self.write_from_reserve().await?;
        run!(write.conn(), sqlx::query("DELETE FROM byte_holds WHERE id = $1").bind(lease)).map_err(Error::from)?;
        write.commit().await?;
        done
    }

    /// Returns whether a lease is held. Call it after marking the bytes as orphaned: leases taken later do not cover them.
    pub(super) async fn has_deletion_lease(&self) -> Result<bool, Error> {
        let leases: i64 =
            sql!(self.read().await?.conn(), |c| query_scalar("SELECT COUNT(*) FROM byte_holds WHERE ends_at > $1")
                .bind(clock::now().0)
                .fetch_one(c))?;
        Ok(leases > 0)
    }

    async fn renew_deletion_lease(&self, lease: Uuid) -> Result<(), Error> {
        let now = clock::now();
        let mut write = self.write_from_reserve().await?;
        let mut conn = write.conn();
        run!(conn, sqlx::query("DELETE FROM byte_holds WHERE ends_at <= $1").bind(now.0))?;
        run!(
            conn,
            sqlx::query(
                "INSERT INTO byte_holds (id, ends_at) VALUES ($1, $2)
                 ON CONFLICT (id) DO UPDATE SET ends_at = excluded.ends_at"
            )
            .bind(lease)
            .bind(now.plus_seconds(LEASE_SECONDS).0)
        )?;
        write.commit().await
    }

    /// Renews the lease until that fails, and returns the error.
    async fn keep_renewing_lease(&self, lease: Uuid) -> Error {
        loop {
            tokio::time::sleep(RENEWAL_INTERVAL).await;
            if let Err(error) = self.renew_deletion_lease(lease).await {
                return error;
            }
        }
    }
}
