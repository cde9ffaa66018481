//! The dashboard of an experiment: all logs and their layout.

use domain::{
    ids::ExperimentId,
    live::ChangeKind,
    logs::{Dashboard, Layout},
    people::Right,
};
use sqlx::query_as;

use super::{
    log_row::{LOG_COLUMNS, LogRow},
    read::logs_with_details,
};
use crate::{
    Actor, Error, Tracker,
    db::{run, sql},
    rights,
};

/// Maximum size of documents in a dashboard, in bytes of JSON. Larger ones are loaded separately.
const MAX_DOCUMENT_BYTES: i64 = 16_384;

impl Tracker {
    /// Returns all logs of an experiment, without large documents, and their layout.
    ///
    /// # Errors
    /// Returns [`Error::NotFound`] if the experiment does not exist or `who` may not see it.
    pub async fn dashboard(&self, who: &Actor, experiment: ExperimentId) -> Result<Dashboard, Error> {
        let mut snapshot = self.snapshot().await?;
        let mut conn = snapshot.conn();
        let access = rights::in_experiment(&mut conn, who, experiment).await?;
        let columns = LOG_COLUMNS.replace("document", "CASE WHEN LENGTH(document) <= $2 THEN document END AS document");
        let statement = format!(
            "SELECT {columns} FROM logs WHERE experiment_id = $1 AND parent_id IS NULL ORDER BY created_at, id"
        );
        let rows: Vec<LogRow> = sql!(conn, |c| query_as(sqlx::AssertSqlSafe(statement.as_str()))
            .bind(experiment.0)
            .bind(MAX_DOCUMENT_BYTES)
            .fetch_all(c))?;
        let logs = logs_with_details(&mut conn, rows).await?;
        let stored: Option<(String, i64)> =
            sql!(conn, |c| query_as("SELECT layout, version FROM dashboards WHERE experiment_id = $1")
                .bind(experiment.0)
                .fetch_optional(c))?;
        let (layout, layout_version) = match stored {
            Some((text, version)) => (serde_json::from_str(&text).map_err(Error::unexpected)?, version),
            None => (Layout::default(), 0),
        };
        Ok(Dashboard { logs, layout, layout_version, may_arrange: access.may(Right::EditExperiment) })
    }

    /// Saves the layout, which all readers share, and returns its new version.
    ///
    /// # Errors
    /// Returns [`Error::Invalid`] if the layout is out of range; [`Error::Conflict`] if it was changed since `seen_version`;
    /// [`Error::Forbidden`] without the right to edit the experiment.
    pub async fn arrange(
        &self,
        who: &Actor,
        experiment: ExperimentId,
        layout: &Layout,
        seen_version: i64,
    ) -> Result<i64, Error> {
        layout.validate().map_err(|error| Error::Invalid(error.to_string()))?;
        let text = serde_json::to_string(layout).map_err(Error::unexpected)?;
        let mut write = self.write().await?;
        let mut conn = write.conn();
        let access = rights::in_experiment(&mut conn, who, experiment).await?;
        access.require(Right::EditExperiment)?;
        let changed = run!(
            conn,
            sqlx::query(
                "INSERT INTO dashboards (experiment_id, layout, version) VALUES ($1, $2, $3 + 1)
                 ON CONFLICT (experiment_id) DO UPDATE SET layout = excluded.layout, version = excluded.version
                 WHERE dashboards.version = $3"
            )
            .bind(experiment.0)
            .bind(text.as_str())
            .bind(seen_version)
        )?;
        if changed == 0 {
            return Err(Error::Conflict("someone else changed the layout; try again".to_owned()));
        }
        write.record_change(access.location, ChangeKind::Updated);
        write.commit().await?;
        Ok(seen_version + 1)
    }
}
