//! Use cases that rename, replace and delete logs.

use domain::{
    Instant,
    ids::{ExperimentId, LogId},
    live::{Location, LogChange, LogChangeKind},
    logs::{Data, Document, Kind, Log, LogName, Points},
    people::Right,
};
use serde_json::Value;
use sqlx::query_as;
use uuid::Uuid;

use super::{
    access::as_log_error,
    images,
    log_row::{self, LOG_COLUMNS, LogRow},
    series::{
        codec::{self, Compression},
        series_row::SeriesRow,
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
    /// The new data, in the shape of the log's type. It replaces all previous data, including the points of a line.
    pub data: Option<Value>,
}

impl Tracker {
    /// Renames a log or replaces its data.
    ///
    /// # Errors
    /// Returns [`Error::Invalid`] if the data does not have the shape of the log's type; [`Error::Conflict`] if the name is
    /// taken; [`Error::Forbidden`] for viewers.
    pub async fn edit_log(&self, who: &Actor, id: LogId, edit: LogEdit) -> Result<Log, Error> {
        let mut write = self.write().await?;
        let (row, location) = lock_for_edit(&mut write, who, id).await?;
        let mut conn = write.conn();
        let kind = row.kind()?;
        let data = edit.data.map(|json| Data::parse(kind, &json)).transpose();
        let data = data.map_err(|error| Error::Invalid(error.to_string()))?;
        let (document, samples) = match data {
            Some(Data::Document(document)) => (Some(document), None),
            Some(Data::Line(samples)) => (None, Some(samples)),
            None => (None, None),
        };
        let now = clock::now();
        let row = update_log_row(&mut conn, id, edit.name.as_ref(), document.as_ref(), now).await?;
        if let Some(Document::Image(image)) = &document {
            images::insert_image_version(&mut conn, ExperimentId(row.experiment_id), row.id, image, now.0).await?;
        }
        let series = match samples {
            Some(samples) => {
                run!(conn, sqlx::query("DELETE FROM series WHERE log_id = $1").bind(id.0))?;
                let mut state = store::create_series(&mut conn, &[id.0]).await?.pop().ok_or(Error::NotFound("log"))?;
                let mut points = Points::default();
                state.append_samples(&samples, now.0, &mut points);
                insert_first_points(&mut conn, state, &points).await?
            }
            None => store::find_by_log(&mut conn, id).await?,
        };
        write.record_log_change(
            location,
            LogChange { log: id, kind, change: LogChangeKind::Replaced { revision: row.revision } },
        );
        write.commit().await?;
        row.into_log(series.as_ref())
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
            deleted.extend(bulk_rows!(conn, (Uuid, String), "DELETE FROM logs WHERE experiment_id = ", |q| {
                q.push_bind(experiment.0).push(" AND id IN (");
                let mut list = q.separated(", ");
                chunk.iter().for_each(|id| {
                    list.push_bind(id.0);
                });
                q.push(") RETURNING id, kind")
            })?);
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
    let text = document.map(|document| document.to_json().to_string());
    let statement = format!(
        "UPDATE logs SET name = COALESCE($2, name), document = COALESCE($3, document), revision = revision + 1,
                updated_at = $4
         WHERE id = $1 RETURNING {LOG_COLUMNS}"
    );
    let row: Option<LogRow> = sql!(*conn, |c| query_as(sqlx::AssertSqlSafe(statement.as_str()))
        .bind(id.0)
        .bind(name.map(LogName::as_str))
        .bind(text.as_deref())
        .bind(now.0)
        .fetch_optional(c))
    .map_err(|error| conflict_if_duplicate(error, || name.map(name_taken_message).unwrap_or_default()))?;
    row.ok_or(Error::NotFound("log"))
}

/// Writes the first points of a series.
async fn insert_first_points(
    conn: &mut Conn<'_>,
    mut state: SeriesRow,
    points: &Points,
) -> Result<Option<SeriesRow>, Error> {
    if !points.is_empty() {
        let count = i64::try_from(points.len()).map_err(Error::unexpected)?;
        let data = codec::encode(points, Compression::Small).map_err(Error::unexpected)?;
        store::insert_tail_rows(conn, vec![(state.id, state.next_seq, count, data)]).await?;
        (state.next_seq, state.tail_rows, state.tail_points) = (1, 1, count);
    }
    store::save_series(conn, &[state]).await?;
    Ok(Some(state))
}
