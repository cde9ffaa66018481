//! Use cases that rename, replace and delete logs.

use domain::{
    Instant,
    ids::{ExperimentId, LogId},
    live::{Location, LogChange, LogChangeKind},
    logs::{Data, Document, Kind, Log, LogName, Samples},
    people::Right,
};
use serde_json::value::RawValue;
use sqlx::query_as;
use uuid::Uuid;

use super::{
    access::as_log_error,
    images,
    log_row::{self, LOG_COLUMNS, LogRow},
    series::{
        codec::{self, Compression},
        series_row::{NewEntries, SeriesRow},
        store,
        texts::insert_texts,
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
    /// The new data. It replaces all previous data, including the points of a line.
    pub data: Option<Box<RawValue>>,
}

impl Tracker {
    /// Renames a log or replaces its data.
    ///
    /// # Errors
    /// Returns [`Error::Conflict`] if the name is taken; [`Error::Forbidden`] for viewers.
    pub async fn edit_log(&self, who: &Actor, id: LogId, edit: LogEdit) -> Result<Log, Error> {
        let mut write = self.write().await?;
        let (row, location) = lock_for_edit(&mut write, who, id).await?;
        let mut conn = write.conn();
        let kind = row.kind()?;
        let (document, samples) = match edit.data.map(|json| Data::parse(kind, &json)) {
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
        let mut logs = [row.into_log(series.as_ref())?];
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
        let mut write = self.write().await?;
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
        let mut write = self.write().await?;
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
    let lock = conn.for_update();
    let row = log_row::find_log_row(&mut conn, id, lock).await?;
    let access = rights::in_experiment(&mut conn, who, ExperimentId(row.experiment_id)).await.map_err(as_log_error)?;
    access.require(Right::WriteContent)?;
    Ok((row, access.location))
}

async fn update_log_row(
    conn: &mut Conn<'_>,
    id: LogId,
    name: Option<&LogName>,
    document: Option<&Document>,
    now: Instant,
) -> Result<LogRow, Error> {
    let statement = format!(
        "UPDATE logs SET name = COALESCE($2, name), document = COALESCE($3, document), revision = revision + 1,
                updated_at = $4
         WHERE id = $1 RETURNING {LOG_COLUMNS}"
    );
    let row: Option<LogRow> = sql!(*conn, |c| query_as(sqlx::AssertSqlSafe(statement.as_str()))
        .bind(id.0)
        .bind(name.map(LogName::as_str))
        .bind(document.map(Document::json))
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
    let mut new = NewEntries::default();
    samples.iter().for_each(|samples| state.append_samples(samples, now.0, &mut new));
    let NewEntries { points, texts } = new;
    if !points.is_empty() {
        let count = i64::try_from(points.len()).map_err(Error::unexpected)?;
        let data = codec::encode(&points, Compression::Small).map_err(Error::unexpected)?;
        store::insert_tail_rows(conn, vec![(state.id, state.next_seq, count, data)]).await?;
        (state.next_seq, state.tail_rows, state.tail_points) = (1, 1, count);
    }
    let texts: Vec<_> = texts.into_iter().map(|(position, json)| (state.id, position, json)).collect();
    insert_texts(conn, &texts).await?;
    store::save_series(conn, &[state]).await?;
    Ok(state)
}
