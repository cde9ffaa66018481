//! Use cases that read logs, charts and points.

use std::collections::HashMap;

use domain::{
    ids::{ExperimentId, LogId},
    logs::{Chart, ChartQuery, Log, LogName},
};
use sqlx::query_scalar;
use uuid::Uuid;

use super::{
    PointStream,
    access::as_log_error,
    log_row::{self, LogRow},
    series::{chart, series_row::SeriesRow, store},
};
use crate::{
    Actor, Error, Tracker,
    db::{Conn, sql},
    rights,
};

impl Tracker {
    /// Returns the ids of all logs of an experiment, oldest first.
    ///
    /// # Errors
    /// Returns [`Error::NotFound`] if the experiment does not exist or `who` may not see it.
    pub async fn log_ids(&self, who: &Actor, experiment: ExperimentId) -> Result<Vec<LogId>, Error> {
        let mut reader = self.read().await?;
        let mut conn = reader.conn();
        rights::in_experiment(&mut conn, who, experiment).await?;
        let ids: Vec<Uuid> =
            sql!(conn, |c| query_scalar("SELECT id FROM logs WHERE experiment_id = $1 ORDER BY created_at, id")
                .bind(experiment.0)
                .fetch_all(c))?;
        Ok(ids.into_iter().map(LogId).collect())
    }

    /// Returns the log with a name.
    ///
    /// # Errors
    /// Returns [`Error::NotFound`] if the log or the experiment does not exist or `who` may not see it.
    pub async fn find_log(&self, who: &Actor, experiment: ExperimentId, name: &LogName) -> Result<Log, Error> {
        let mut snapshot = self.snapshot().await?;
        let mut conn = snapshot.conn();
        rights::in_experiment(&mut conn, who, experiment).await?;
        let row = log_row::find_log_row_by_name(&mut conn, experiment, name, "").await?;
        into_log_with_series(&mut conn, row.ok_or(Error::NotFound("log"))?).await
    }

    /// Returns a log.
    ///
    /// # Errors
    /// Returns [`Error::NotFound`] if the log does not exist or `who` may not see it.
    pub async fn read_log(&self, who: &Actor, id: LogId) -> Result<Log, Error> {
        let mut snapshot = self.snapshot().await?;
        let mut conn = snapshot.conn();
        let row = find_visible_log(&mut conn, who, id).await?;
        into_log_with_series(&mut conn, row).await
    }

    /// Returns a part of a line, reduced to the requested number of buckets.
    ///
    /// # Errors
    /// Returns [`Error::NotFound`] if the log does not exist or `who` may not see it; [`Error::Invalid`] if it is not a line.
    pub async fn chart(&self, who: &Actor, id: LogId, query: &ChartQuery) -> Result<Chart, Error> {
        let mut snapshot = self.snapshot().await?;
        let mut conn = snapshot.conn();
        let state = find_visible_series(&mut conn, who, id).await?;
        chart::read_chart(&mut conn, &state, query).await
    }

    /// Streams all points of a line.
    ///
    /// # Errors
    /// Returns [`Error::NotFound`] if the log does not exist or `who` may not see it; [`Error::Invalid`] if it is not a line.
    pub async fn points(&self, who: &Actor, id: LogId) -> Result<PointStream, Error> {
        let mut snapshot = self.snapshot().await?;
        let mut conn = snapshot.conn();
        let state = find_visible_series(&mut conn, who, id).await?;
        PointStream::open(self.db(), &mut conn, state).await
    }
}

/// Returns the row of a log that `who` may see.
async fn find_visible_log(conn: &mut Conn<'_>, who: &Actor, id: LogId) -> Result<LogRow, Error> {
    let row = log_row::find_log_row(conn, id, "").await?;
    rights::in_experiment(conn, who, ExperimentId(row.experiment_id)).await.map_err(as_log_error)?;
    Ok(row)
}

async fn find_visible_series(conn: &mut Conn<'_>, who: &Actor, id: LogId) -> Result<SeriesRow, Error> {
    let row = find_visible_log(conn, who, id).await?;
    let state = store::find_by_log(conn, id).await?;
    state.ok_or_else(|| Error::Invalid(format!("only a LINE has points; '{}' is of type {}", row.name, row.kind)))
}

async fn into_log_with_series(conn: &mut Conn<'_>, row: LogRow) -> Result<Log, Error> {
    let state = store::find_by_log(conn, LogId(row.id)).await?;
    row.into_log(state.as_ref())
}

/// Converts rows to logs, with the summaries of lines.
pub(super) async fn logs_with_series(conn: &mut Conn<'_>, rows: Vec<LogRow>) -> Result<Vec<Log>, Error> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let states = store::find_by_logs(conn, &ids).await?;
    let states: HashMap<Uuid, SeriesRow> = states.into_iter().map(|state| (state.log_id, state)).collect();
    rows.into_iter()
        .map(|row| {
            let state = states.get(&row.id);
            row.into_log(state)
        })
        .collect()
}
