//! The effect of deleting an experiment.

use domain::{artifacts::DeletionImpact, ids::ExperimentId};

use crate::{Actor, Error, Tracker, db::sql, rights};

impl Tracker {
    /// Returns how many files deleting an experiment would delete, including its logged images, and how many bytes it would
    /// free.
    ///
    /// # Errors
    /// Returns [`Error::NotFound`] if the experiment does not exist or `who` may not see it.
    pub async fn experiment_deletion_impact(&self, who: &Actor, id: ExperimentId) -> Result<DeletionImpact, Error> {
        let mut reader = self.read().await?;
        let mut conn = reader.conn();
        rights::in_experiment(&mut conn, who, id).await?;
        let (artifacts,): (i64,) =
            sql!(conn, |c| sqlx::query_as("SELECT COUNT(*) FROM artifacts WHERE experiment_id = $1")
                .bind(id.0)
                .fetch_one(c))?;
        let (files, bytes): (i64, i64) = sql!(conn, |c| sqlx::query_as(
            "SELECT COUNT(*), CAST(COALESCE(SUM(b.size), 0) AS BIGINT)
             FROM objects o JOIN blobs b ON b.sha256 = o.sha256 WHERE o.experiment_id = $1"
        )
        .bind(id.0)
        .fetch_one(c))?;
        let (frees,): (i64,) = sql!(conn, |c| sqlx::query_as(
            "SELECT CAST(COALESCE(SUM(b.size), 0) AS BIGINT) FROM blobs b
             WHERE b.sha256 IN (SELECT sha256 FROM objects WHERE experiment_id = $1)
             AND NOT EXISTS (SELECT 1 FROM objects o WHERE o.sha256 = b.sha256 AND o.experiment_id <> $1)"
        )
        .bind(id.0)
        .fetch_one(c))?;
        let [artifacts, files, bytes, frees] = [artifacts, files, bytes, frees].map(i64::cast_unsigned);
        Ok(DeletionImpact { artifacts, files, bytes, frees })
    }
}
