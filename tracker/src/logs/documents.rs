//! Writes documents. Each replaces the previous document under its name.

use domain::{
    ids::{ExperimentId, LogId},
    live::{LogChange, LogChangeKind},
    logs::{Document, Kind, Log, LogName},
    people::Right,
};
use sqlx::query_as;
use uuid::Uuid;

use super::{
    IfExists, images,
    log_row::{self, LOG_COLUMNS_WITHOUT_DOCUMENT, LogRow},
    writer::{name_taken_message, type_mismatch_message},
};
use crate::{
    Actor, Error, Tracker, clock,
    db::{Conn, conflict_if_duplicate, sql},
    rights,
};

impl Tracker {
    /// Stores a document under a name.
    pub(super) async fn put_document(
        &self,
        who: &Actor,
        experiment: ExperimentId,
        name: &LogName,
        document: &Document,
        if_exists: IfExists,
    ) -> Result<Log, Error> {
        let mut write = self.write().await?;
        let mut conn = write.conn();
        let access = rights::in_experiment(&mut conn, who, experiment).await?;
        access.require(Right::WriteContent)?;
        let row = store_document(&mut conn, experiment, name, document, if_exists).await?;
        let change = LogChange {
            log: LogId(row.id),
            kind: document.kind(),
            change: LogChangeKind::Replaced { revision: row.revision },
        };
        let mut logs = [Log { document: Some(document.clone()), ..row.into_log(None)? }];
        images::find_current_images(&mut conn, &mut logs).await?;
        write.record_log_change(access.location, change);
        self.record_write(&mut write, who, access.location).await?;
        write.commit().await?;
        let [log] = logs;
        Ok(log)
    }
}

/// Stores a document under a name, within a transaction, and returns the log's row without the document. The caller must have
/// checked the right.
pub(crate) async fn store_document(
    conn: &mut Conn<'_>,
    experiment: ExperimentId,
    name: &LogName,
    document: &Document,
    if_exists: IfExists,
) -> Result<LogRow, Error> {
    let existing = log_row::lock_log_row_by_name(conn, experiment, name).await?;
    if let Some(existing) = &existing {
        if if_exists == IfExists::Refuse {
            return Err(Error::Conflict(name_taken_message(name)));
        }
        if existing.kind()? == Kind::Line {
            return Err(Error::Conflict(type_mismatch_message(name, existing.kind()?, document.kind())));
        }
    }
    let now = clock::now().0;
    let row: Option<LogRow> = sql!(*conn, |c| match &existing {
        Some(existing) => query_as(sqlx::AssertSqlSafe(format!(
            "UPDATE logs SET document = $2, updated_at = $3, kind = $4, revision = revision + 1 WHERE id = $1
             RETURNING {LOG_COLUMNS_WITHOUT_DOCUMENT}"
        )))
        .bind(existing.id)
        .bind(document.shared_json())
        .bind(now)
        .bind(document.kind().as_str())
        .fetch_optional(c),
        None => query_as(sqlx::AssertSqlSafe(format!(
            "INSERT INTO logs (id, document, created_at, updated_at, experiment_id, name, kind, revision)
             VALUES ($1, $2, $3, $3, $4, $5, $6, 1) RETURNING {LOG_COLUMNS_WITHOUT_DOCUMENT}"
        )))
        .bind(Uuid::now_v7())
        .bind(document.shared_json())
        .bind(now)
        .bind(experiment.0)
        .bind(name.as_str())
        .bind(document.kind().as_str())
        .fetch_optional(c),
    })
    .map_err(|error| conflict_if_duplicate(error, || name_taken_message(name)))?;
    let row = row.ok_or(Error::NotFound("log"))?;
    images::insert_image_version(conn, experiment, row.id, document, now).await?;
    Ok(row)
}
