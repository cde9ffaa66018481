//! The dashboard of an experiment: all logs and their layout.

use domain::{
    ids::ExperimentId,
    live::ChangeKind,
    logs::{Dashboard, Layout, matches_name_filter},
    people::Right,
};
use sqlx::{FromRow, query_as};
use uuid::Uuid;

use super::{
    log_row::{LOG_COLUMNS, LOG_COLUMNS_WITHOUT_DOCUMENT, LogRow},
    read::logs_with_details,
};
use crate::{
    Actor, Error, Tracker,
    db::{Conn, bulk_rows, run, sql},
    list_stream::push_ids,
    rights,
};

/// Maximum size of a document in a dashboard, in bytes of JSON. Larger ones are loaded separately.
const MAX_DOCUMENT_BYTES: i64 = 16_384;
/// Maximum size of all such documents together, in bytes of JSON. The ones after them are loaded separately.
const MAX_DOCUMENTS_BYTES: i64 = 2 << 20;
/// Documents of at most this many bytes are always in a dashboard.
const MAX_SMALL_DOCUMENT_BYTES: i64 = 256;

impl Tracker {
    /// Returns a page of an experiment's logs, without large documents, and their layout. Pages count from 0.
    ///
    /// If there is more than one page, they contain only logs whose names match `filter`. Otherwise, the page filters them.
    ///
    /// # Errors
    /// Returns [`Error::NotFound`] if the experiment does not exist or `who` may not see it.
    pub async fn dashboard(
        &self,
        who: &Actor,
        experiment: ExperimentId,
        page: u32,
        filter: &str,
    ) -> Result<Dashboard, Error> {
        let mut snapshot = self.snapshot().await?;
        let mut conn = snapshot.conn();
        let access = rights::in_experiment(&mut conn, who, experiment).await?;
        let DashboardPage { logs, total, paged } = find_page(&mut conn, experiment, page, filter).await?;
        let (complete, large): (Vec<_>, Vec<_>) = select_documents(&logs).partition(|(_, is_complete)| *is_complete);
        let mut rows: Vec<LogRow> = Vec::new();
        for (columns, logs) in [(LOG_COLUMNS, complete), (LOG_COLUMNS_WITHOUT_DOCUMENT, large)] {
            let ids: Vec<Uuid> = logs.into_iter().map(|(id, _)| id).collect();
            if !ids.is_empty() {
                let select = format!("SELECT {columns} FROM logs WHERE id IN (");
                rows.extend(bulk_rows!(conn, LogRow, select, |query| push_ids(&mut query, &ids))?);
            }
        }
        rows.sort_by_key(|row| (row.created_at, row.id));
        let logs = logs_with_details(&mut conn, rows).await?;
        let stored: Option<(String, i64)> =
            sql!(conn, |c| query_as("SELECT layout, version FROM dashboards WHERE experiment_id = $1")
                .bind(experiment.0)
                .fetch_optional(c))?;
        let (layout, layout_version) = match stored {
            Some((text, version)) => (serde_json::from_str(&text).map_err(Error::unexpected)?, version),
            None => (Layout::default(), 0),
        };
        Ok(Dashboard { logs, total, paged, layout, layout_version, may_edit_layout: access.may(Right::EditExperiment) })
    }

    /// Saves the layout, which all readers share, and returns its new version.
    ///
    /// # Errors
    /// Returns [`Error::Invalid`] if the layout is out of range; [`Error::Conflict`] if it was changed since `seen_version`;
    /// [`Error::Forbidden`] without the right to edit the experiment.
    pub async fn save_dashboard_layout(
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

/// Selects the logs whose documents a dashboard contains. Returns each log's id, and whether its document is selected.
fn select_documents(logs: &[LogSize]) -> impl Iterator<Item = (Uuid, bool)> {
    let mut bytes = 0;
    logs.iter().map(move |log| {
        if log.document_bytes <= MAX_DOCUMENT_BYTES {
            bytes += log.document_bytes;
        }
        let fits = log.document_bytes <= MAX_DOCUMENT_BYTES && bytes <= MAX_DOCUMENTS_BYTES;
        (log.id, fits || log.document_bytes <= MAX_SMALL_DOCUMENT_BYTES)
    })
}

/// A page of a dashboard.
struct DashboardPage {
    logs: Vec<LogSize>,
    total: u64,
    paged: bool,
}

/// A log and the size of its document, in bytes of JSON.
#[derive(FromRow)]
struct LogSize {
    id: Uuid,
    name: String,
    document_bytes: i64,
}

/// Returns the logs on a page, and the number of logs on all pages.
async fn find_page(
    conn: &mut Conn<'_>,
    experiment: ExperimentId,
    page: u32,
    filter: &str,
) -> Result<DashboardPage, Error> {
    // The size is read without reading the document.
    let query = "SELECT id, name, CAST(COALESCE(OCTET_LENGTH(document), 0) AS BIGINT) AS document_bytes
                 FROM logs WHERE experiment_id = $1 AND parent_id IS NULL ORDER BY created_at, id";
    let mut logs: Vec<LogSize> = sql!(*conn, |c| query_as(query).bind(experiment.0).fetch_all(c))?;
    let paged = logs.len() > Dashboard::PAGE_SIZE;
    if paged {
        logs.retain(|log| matches_name_filter(filter, &log.name));
    }
    let total = logs.len() as u64;
    let first = (page as usize).saturating_mul(Dashboard::PAGE_SIZE);
    let logs = logs.into_iter().skip(first).take(Dashboard::PAGE_SIZE).collect();
    Ok(DashboardPage { logs, total, paged })
}
