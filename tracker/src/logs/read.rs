//! Use cases that read logs, charts and points.

use std::collections::HashMap;

use domain::{
    Instant,
    ids::{ExperimentId, LogId},
    logs::{Chart, ChartQuery, Kind, Log, LogName, NamedLine},
};
use sqlx::query_scalar;
use uuid::Uuid;

use super::{
    PointStream,
    access::as_log_error,
    images,
    log_row::{self, LOG_COLUMNS, LogRow},
    series::{chart, history, series_row::SeriesRow, store, texts},
};
use crate::{
    Actor, Error, Tracker,
    db::{Conn, bulk_rows, sql},
    rights,
};

/// Maximum number of entries that are not numbers, per line.
const MAX_LAST_TEXTS: i64 = 20;
/// Maximum length of such an entry in characters.
const MAX_TEXT_CHARACTERS: i32 = 10_000;
/// Maximum number of logs whose entries are read at once.
const MAX_LOGS_WITH_TEXTS: usize = 50;

impl Tracker {
    /// Returns the ids of all logs of an experiment, oldest first.
    ///
    /// # Errors
    /// Returns [`Error::NotFound`] if the experiment does not exist or `who` may not see it.
    pub async fn log_ids(&self, who: &Actor, experiment: ExperimentId) -> Result<Vec<LogId>, Error> {
        let mut reader = self.read().await?;
        let mut conn = reader.conn();
        rights::in_experiment(&mut conn, who, experiment).await?;
        let ids: Vec<Uuid> = sql!(conn, |c| query_scalar(
            "SELECT id FROM logs WHERE experiment_id = $1 AND parent_id IS NULL ORDER BY created_at, id"
        )
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
        let row = log_row::find_log_row_by_name(&mut conn, experiment, name).await?;
        into_log_with_details(&mut conn, row.ok_or(Error::NotFound("log"))?).await
    }

    /// Returns a log.
    ///
    /// # Errors
    /// Returns [`Error::NotFound`] if the log does not exist or `who` may not see it.
    pub async fn read_log(&self, who: &Actor, id: LogId) -> Result<Log, Error> {
        let mut snapshot = self.snapshot().await?;
        let mut conn = snapshot.conn();
        let row = find_visible_log(&mut conn, who, id).await?;
        into_log_with_details(&mut conn, row).await
    }

    /// Returns a part of a line, downsampled to the requested number of buckets.
    ///
    /// # Errors
    /// Returns [`Error::NotFound`] if the log does not exist or `who` may not see it; [`Error::Invalid`] if it is not a line.
    pub async fn chart(&self, who: &Actor, id: LogId, query: &ChartQuery) -> Result<Chart, Error> {
        let mut snapshot = self.snapshot().await?;
        let mut conn = snapshot.conn();
        let state = find_visible_series(&mut conn, who, id).await?;
        chart::read_chart(&mut conn, &state, query).await
    }

    /// Adds the smallest and the largest value of lines that were logged before these were kept. A background task does this once
    /// after the start.
    ///
    /// # Errors
    /// Returns [`Error::Unexpected`] if the database fails.
    pub async fn complete_line_extremes(&self) -> Result<(), Error> {
        history::complete_extremes(self.db(), self.publisher()).await
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
    let row = log_row::find_log_row(conn, id).await?;
    rights::in_experiment(conn, who, ExperimentId(row.experiment_id)).await.map_err(as_log_error)?;
    Ok(row)
}

/// Returns the series of a line or of a named line that `who` may see.
async fn find_visible_series(conn: &mut Conn<'_>, who: &Actor, id: LogId) -> Result<SeriesRow, Error> {
    let row = log_row::find_any_log_row(conn, id).await?;
    rights::in_experiment(conn, who, ExperimentId(row.experiment_id)).await.map_err(as_log_error)?;
    let state = store::find_by_log(conn, id).await?;
    state.ok_or_else(|| Error::Invalid(format!("only a LINE has points; '{}' is of type {}", row.name, row.kind)))
}

pub(super) async fn into_log_with_details(conn: &mut Conn<'_>, row: LogRow) -> Result<Log, Error> {
    logs_with_details(conn, vec![row]).await?.pop().ok_or(Error::NotFound("log"))
}

/// Returns the rows of the named lines of logs, oldest first.
async fn find_named_line_rows(conn: &mut Conn<'_>, logs: &[Uuid]) -> Result<Vec<LogRow>, Error> {
    if logs.is_empty() {
        return Ok(Vec::new());
    }
    let start = format!("SELECT {LOG_COLUMNS} FROM logs WHERE parent_id IN (");
    Ok(bulk_rows!(*conn, LogRow, start, |q| {
        let mut list = q.separated(", ");
        logs.iter().for_each(|log| {
            list.push_bind(*log);
        });
        q.push(") ORDER BY created_at, id")
    })?)
}

/// Converts rows to logs, with the summaries of lines and the images of image logs.
pub(super) async fn logs_with_details(conn: &mut Conn<'_>, rows: Vec<LogRow>) -> Result<Vec<Log>, Error> {
    let lines: Vec<Uuid> = rows.iter().filter(|row| row.kind == Kind::Line.as_str()).map(|row| row.id).collect();
    let named_rows = find_named_line_rows(conn, &lines).await?;
    let ids: Vec<Uuid> = lines.into_iter().chain(named_rows.iter().map(|row| row.id)).collect();
    let states = store::find_by_logs(conn, &ids).await?;
    let states: HashMap<Uuid, SeriesRow> = states.into_iter().map(|state| (state.log_id, state)).collect();
    let logs = rows.into_iter().map(|row| {
        let state = states.get(&row.id);
        row.into_log(state)
    });
    let mut logs = logs.collect::<Result<Vec<_>, _>>()?;
    let mut named_lines: HashMap<LogId, Vec<NamedLine>> = HashMap::new();
    for row in &named_rows {
        if let (Some((log, name)), Some(state)) = (row.named_line(), states.get(&row.id)) {
            let line = NamedLine { id: LogId(row.id), name: name.to_owned(), summary: state.summary() };
            named_lines.entry(log).or_default().push(line);
        }
    }
    let with_texts = logs.iter_mut().filter(|log| log.line.is_some_and(|line| line.texts > 0));
    for log in with_texts.take(MAX_LOGS_WITH_TEXTS) {
        if let Some(state) = states.get(&log.id.0) {
            log.last_texts = texts::read_last_texts(conn, state.id, MAX_LAST_TEXTS, MAX_TEXT_CHARACTERS).await?;
        }
    }
    for log in &mut logs {
        log.named_lines = named_lines.remove(&log.id).unwrap_or_default();
        let updates = log.named_lines.iter().map(|line| Instant(line.summary.last_at));
        log.updated_at = updates.fold(log.updated_at, Instant::max);
    }
    images::find_current_images(conn, &mut logs).await?;
    Ok(logs)
}
