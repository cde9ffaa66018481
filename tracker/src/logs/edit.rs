//! Use cases that rename, replace and delete logs.

use domain::{
    Instant,
    ids::{ExperimentId, LogId},
    live::{Location, LogChange, LogChangeKind},
    logs::{Data, Document, Kind, Log, LogName, Samples},
    people::Right,
};
use sqlx::{query_as, query_scalar};
use uuid::Uuid;

use super::{
    access::as_log_error,
    images,
    log_row::{self, LOG_COLUMNS, LOG_COLUMNS_WITHOUT_DOCUMENT, LogRow},
    series::{
        chunk_ranges,
        codec::Compression,
        series_row::{NewEntries, SeriesRow},
        store,
    },
    writer::name_taken_message,
};
use crate::{
    Actor, Error, Tracker, clock,
    db::{Conn, Write, bulk_rows, conflict_if_duplicate, run, sql},
    rights,
};

/// Changes of a log. `None` leaves a field unchanged.
#[derive(Debug, Clone, Default)]
pub struct LogEdit {
    /// The new name.
    pub name: Option<LogName>,
    /// The new data, of the log's type. It replaces all previous data, including the points of a line.
    pub data: Option<Data>,
}

impl Tracker {
    /// Returns the type of a log that `who` may change, to parse new data for it.
    ///
    /// # Errors
    /// Returns [`Error::Forbidden`] for viewers.
    pub async fn editable_log_kind(&self, who: &Actor, id: LogId) -> Result<Kind, Error> {
        let experiment = self.experiment_of_log(id).await?;
        self.require_log_access(who, experiment).await.map_err(as_log_error)?;
        let mut reader = self.read().await?;
        let mut conn = reader.conn();
        let kind: Option<String> =
            sql!(conn, |c| query_scalar("SELECT kind FROM logs WHERE id = $1 AND parent_id IS NULL")
                .bind(id.0)
                .fetch_optional(c))?;
        kind.ok_or(Error::NotFound("log"))?.parse().map_err(Error::unexpected)
    }

    /// Renames a log or replaces its data.
    ///
    /// # Errors
    /// Returns [`Error::Conflict`] if the name is taken or the data is of another type than the log; [`Error::Forbidden`] for
    /// viewers.
    pub async fn edit_log(&self, who: &Actor, id: LogId, edit: LogEdit) -> Result<Log, Error> {
        let mut write = self.write().await?;
        let (row, location) = lock_for_edit(&mut write, who, id).await?;
        let mut conn = write.conn();
        let kind = row.kind()?;
        if edit.data.as_ref().is_some_and(|data| data.kind() != kind) {
            return Err(Error::Conflict(format!("the log is of type {kind} now; send the data again")));
        }
        let (document, samples) = match edit.data {
            Some(Data::Document(document)) => (Some(document), None),
            Some(Data::Line(samples)) => (None, Some(samples)),
            None => (None, None),
        };
        let now = clock::now();
        let row = update_log_row(&mut conn, id, edit.name.as_ref(), document.as_ref(), now).await?;
        if let Some(document) = &document {
            images::insert_image_version(&mut conn, ExperimentId(row.experiment_id), row.id, document, now.0).await?;
        }
        let series = match samples {
            Some(samples) => {
                run!(conn, sqlx::query("DELETE FROM series WHERE log_id = $1").bind(id.0))?;
                run!(conn, sqlx::query("DELETE FROM logs WHERE parent_id = $1").bind(id.0))?;
                for (name, samples) in merge_by_name(&samples.named) {
                    let line = insert_named_line(&mut conn, &row, name, now).await?;
                    insert_first_entries(&mut conn, line, &samples, now).await?;
                }
                Some(insert_first_entries(&mut conn, id, &[&samples.unnamed], now).await?)
            }
            None => store::find_by_log(&mut conn, id).await?,
        };
        write.record_log_change(
            location,
            LogChange { log: id, kind, change: LogChangeKind::Replaced { revision: row.revision } },
        );
        let mut log = row.into_log(series.as_ref())?;
        log.document = document.or(log.document);
        let mut logs = [log];
        images::find_current_images(&mut write.conn(), &mut logs).await?;
        self.record_write(&mut write, who, location).await?;
        write.commit().await?;
        let [log] = logs;
        Ok(log)
    }

    /// Deletes a log.
    ///
    /// # Errors
    /// Returns [`Error::Forbidden`] for viewers.
    pub async fn delete_log(&self, who: &Actor, id: LogId) -> Result<(), Error> {
        let mut write = self.write_from_reserve().await?;
        let (row, location) = lock_for_edit(&mut write, who, id).await?;
        run!(write.conn(), sqlx::query("DELETE FROM logs WHERE id = $1").bind(id.0))?;
        write.record_log_change(location, LogChange { log: id, kind: row.kind()?, change: LogChangeKind::Deleted });
        write.commit().await
    }

    /// Deletes logs of an experiment and returns their number. Ignores ids of other logs.
    ///
    /// # Errors
    /// Returns [`Error::Forbidden`] for viewers.
    pub async fn delete_logs(&self, who: &Actor, experiment: ExperimentId, ids: &[LogId]) -> Result<u64, Error> {
        let mut write = self.write_from_reserve().await?;
        let mut conn = write.conn();
        let access = rights::in_experiment(&mut conn, who, experiment).await?;
        access.require(Right::WriteContent)?;
        let mut deleted: Vec<(Uuid, String)> = Vec::new();
        for chunk in ids.chunks(10_000) {
            deleted.extend(bulk_rows!(
                conn,
                (Uuid, String),
                "DELETE FROM logs WHERE parent_id IS NULL AND experiment_id = ",
                |q| {
                    q.push_bind(experiment.0).push(" AND id IN (");
                    let mut list = q.separated(", ");
                    chunk.iter().for_each(|id| {
                        list.push_bind(id.0);
                    });
                    q.push(") RETURNING id, kind")
                }
            )?);
        }
        let count = deleted.len() as u64;
        for (id, kind) in deleted {
            let kind: Kind = kind.parse().map_err(Error::unexpected)?;
            write
                .record_log_change(access.location, LogChange { log: LogId(id), kind, change: LogChangeKind::Deleted });
        }
        write.commit().await?;
        Ok(count)
    }
}

/// Returns a log that `who` may write to, and locks it until the transaction ends.
async fn lock_for_edit(write: &mut Write, who: &Actor, id: LogId) -> Result<(LogRow, Location), Error> {
    let mut conn = write.conn();
    let row = log_row::lock_log_row(&mut conn, id).await?;
    let access = rights::in_experiment(&mut conn, who, ExperimentId(row.experiment_id)).await.map_err(as_log_error)?;
    access.require(Right::WriteContent)?;
    Ok((row, access.location))
}

/// Updates the row of a log and returns it, with its document unless that was replaced.
async fn update_log_row(
    conn: &mut Conn<'_>,
    id: LogId,
    name: Option<&LogName>,
    document: Option<&Document>,
    now: Instant,
) -> Result<LogRow, Error> {
    let columns = if document.is_some() { LOG_COLUMNS_WITHOUT_DOCUMENT } else { LOG_COLUMNS };
    let statement = format!(
        "UPDATE logs SET name = COALESCE($2, name), document = COALESCE($3, document), revision = revision + 1,
                updated_at = $4
         WHERE id = $1 RETURNING {columns}"
    );
    let row: Option<LogRow> = sql!(*conn, |c| query_as(sqlx::AssertSqlSafe(statement.as_str()))
        .bind(id.0)
        .bind(name.map(LogName::as_str))
        .bind(document.map(Document::shared_json))
        .bind(now.0)
        .fetch_optional(c))
    .map_err(|error| conflict_if_duplicate(error, || name.map(name_taken_message).unwrap_or_default()))?;
    row.ok_or(Error::NotFound("log"))
}

/// Returns the samples of each name, in the order in which the names occur first.
fn merge_by_name(named: &[(String, Samples)]) -> Vec<(&str, Vec<&Samples>)> {
    let mut merged: Vec<(&str, Vec<&Samples>)> = Vec::new();
    for (name, samples) in named {
        match merged.iter_mut().find(|(known, _)| known == name) {
            Some((_, all)) => all.push(samples),
            None => merged.push((name, vec![samples])),
        }
    }
    merged
}

/// Inserts a named line of a log and returns its id.
async fn insert_named_line(conn: &mut Conn<'_>, log: &LogRow, name: &str, now: Instant) -> Result<LogId, Error> {
    let id = LogId(Uuid::now_v7());
    run!(
        *conn,
        sqlx::query(
            "INSERT INTO logs (id, parent_id, experiment_id, name, kind, revision, created_at, updated_at)
             VALUES ($1, $2, $3, $4, $5, 1, $6, $6)"
        )
        .bind(id.0)
        .bind(log.id)
        .bind(log.experiment_id)
        .bind(log_row::stored_name_of_line(LogId(log.id), name))
        .bind(Kind::Line.as_str())
        .bind(now.0)
    )?;
    Ok(id)
}

/// Creates the series of a line with its first entries.
async fn insert_first_entries(
    conn: &mut Conn<'_>,
    line: LogId,
    samples: &[&Samples],
    now: Instant,
) -> Result<SeriesRow, Error> {
    let mut state = store::create_series(conn, &[line.0]).await?.pop().ok_or(Error::NotFound("log"))?;
    for samples in samples {
        for range in chunk_ranges(samples.values.len()) {
            let mut new = NewEntries::default();
            state.append_samples(samples, range, now.0, &mut new);
            store::append_entries(conn, &mut state, new, Compression::Small).await?;
        }
    }
    store::save_series(conn, &[state]).await?;
    Ok(state)
}
