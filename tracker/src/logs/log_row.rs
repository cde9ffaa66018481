//! Rows of the table `logs`.

use domain::{
    Instant,
    ids::{ExperimentId, LogId},
    logs::{Document, Kind, Log, LogName},
};
use sqlx::{AssertSqlSafe, FromRow, query_as, query_scalar};
use uuid::Uuid;

use super::series::series_row::SeriesRow;
use crate::{
    Error,
    db::{Conn, sql},
};

/// The columns of a [`LogRow`].
pub(super) const LOG_COLUMNS: &str =
    "id, experiment_id, name, kind, revision, document, created_at, updated_at, parent_id";

/// The columns of a [`LogRow`] without its document, which may be large.
pub(super) const LOG_COLUMNS_WITHOUT_DOCUMENT: &str =
    "id, experiment_id, name, kind, revision, NULL AS document, created_at, updated_at, parent_id";

/// Returns a `SELECT` of [`LogRow`]s that ends with `rest`, a constant clause from `WHERE` on.
pub(super) fn select_logs_sql(rest: &str) -> AssertSqlSafe<String> {
    AssertSqlSafe(format!("SELECT {LOG_COLUMNS} FROM logs {rest}"))
}

/// A row of `logs`.
#[derive(Debug, Clone, FromRow)]
pub(crate) struct LogRow {
    pub(crate) id: Uuid,
    pub(super) experiment_id: Uuid,
    pub(super) name: String,
    pub(super) kind: String,
    pub(crate) revision: i64,
    /// `None` for lines, and if the document was not selected.
    pub(super) document: Option<String>,
    pub(super) created_at: i64,
    pub(super) updated_at: i64,
    /// The log that a named line belongs to. `NULL` for all other logs.
    pub(super) parent_id: Option<Uuid>,
}

/// Separates the parent's id from the name of a line. Names of logs have no control characters.
const NAME_SEPARATOR: char = '\u{1F}';

/// Returns the name under which a named line of a log is stored. It is unique in the experiment, as names of logs must be.
pub(super) fn stored_name_of_line(parent: LogId, name: &str) -> String {
    format!("{}{NAME_SEPARATOR}{name}", parent.0.simple())
}

/// Returns the row of a log.
pub(super) async fn find_log_row(conn: &mut Conn<'_>, id: LogId) -> Result<LogRow, Error> {
    let row = find_any_log_row(conn, id).await?;
    if row.parent_id.is_some() { Err(Error::NotFound("log")) } else { Ok(row) }
}

/// Returns the row of a log or of a named line.
pub(super) async fn find_any_log_row(conn: &mut Conn<'_>, id: LogId) -> Result<LogRow, Error> {
    let row: Option<LogRow> = sql!(*conn, |c| query_as(select_logs_sql("WHERE id = $1")).bind(id.0).fetch_optional(c))?;
    row.ok_or(Error::NotFound("log"))
}

/// Returns the size of a log's document, in bytes of JSON. Zero without a document.
pub(super) async fn find_document_size(conn: &mut Conn<'_>, id: LogId) -> Result<i64, Error> {
    let size: Option<i64> = sql!(*conn, |c| query_scalar(
        "SELECT CAST(COALESCE(OCTET_LENGTH(document), 0) AS BIGINT) FROM logs WHERE id = $1"
    )
    .bind(id.0)
    .fetch_optional(c))?;
    size.ok_or(Error::NotFound("log"))
}

/// Returns the row of the log with a name, or `None`.
pub(super) async fn find_log_row_by_name(
    conn: &mut Conn<'_>,
    experiment: ExperimentId,
    name: &LogName,
) -> Result<Option<LogRow>, Error> {
    Ok(sql!(*conn, |c| query_as(select_logs_sql("WHERE experiment_id = $1 AND name = $2"))
        .bind(experiment.0)
        .bind(name.as_str())
        .fetch_optional(c))?)
}

/// Returns the row of a log without its document, and locks it until the transaction ends.
pub(super) async fn lock_log_row(conn: &mut Conn<'_>, id: LogId) -> Result<LogRow, Error> {
    let lock = conn.for_update();
    let statement =
        format!("SELECT {LOG_COLUMNS_WITHOUT_DOCUMENT} FROM logs WHERE id = $1 AND parent_id IS NULL{lock}");
    let row: Option<LogRow> =
        sql!(*conn, |c| query_as(AssertSqlSafe(statement.as_str())).bind(id.0).fetch_optional(c))?;
    row.ok_or(Error::NotFound("log"))
}

/// Returns the row of the log with a name without its document, or `None`, and locks it until the transaction ends.
pub(super) async fn lock_log_row_by_name(
    conn: &mut Conn<'_>,
    experiment: ExperimentId,
    name: &LogName,
) -> Result<Option<LogRow>, Error> {
    let lock = conn.for_update();
    let statement =
        format!("SELECT {LOG_COLUMNS_WITHOUT_DOCUMENT} FROM logs WHERE experiment_id = $1 AND name = $2{lock}");
    Ok(sql!(*conn, |c| query_as(AssertSqlSafe(statement.as_str()))
        .bind(experiment.0)
        .bind(name.as_str())
        .fetch_optional(c))?)
}

impl LogRow {
    pub(super) fn kind(&self) -> Result<Kind, Error> {
        self.kind.parse().map_err(Error::unexpected)
    }

    /// Returns the log that a named line belongs to and the name of the line, or `None` for all other logs.
    pub(super) fn named_line(&self) -> Option<(LogId, &str)> {
        let (_, name) = self.name.split_once(NAME_SEPARATOR)?;
        Some((LogId(self.parent_id?), name))
    }

    /// Converts to a log, with a summary if it is a line.
    pub(super) fn into_log(self, series: Option<&SeriesRow>) -> Result<Log, Error> {
        let kind = self.kind()?;
        let document = self.document.map(|json| Document::from_stored(kind, json));
        let line = series.map(SeriesRow::summary);
        let updated_at = line.map_or(self.updated_at, |line| line.last_at.max(self.updated_at));
        Ok(Log {
            id: LogId(self.id),
            experiment: ExperimentId(self.experiment_id),
            name: LogName::from_stored(self.name),
            kind,
            revision: self.revision,
            created_at: Instant(self.created_at),
            updated_at: Instant(updated_at),
            document,
            image: None,
            line,
            named_lines: Vec::new(),
            last_texts: Vec::new(),
        })
    }
}
