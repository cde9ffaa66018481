//! The dashboard of an experiment: all logs and their layout.

use domain::{
    ids::ExperimentId,
    live::ChangeKind,
    logs::{Dashboard, Layout, matches_name_filter},
    people::Right,
};
use sqlx::query_as;
use uuid::Uuid;

use super::{
    log_row::{LOG_COLUMNS, LogRow},
    read::logs_with_details,
};
use crate::{
    Actor, Error, Tracker,
    db::{Conn, bulk_rows, run, sql},
    rights,
};

/// Maximum size of documents in a dashboard, in bytes of JSON. Larger ones are loaded separately.
const MAX_DOCUMENT_BYTES: i64 = 16_384;

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
        let columns = LOG_COLUMNS.replace(
            "document",
            &format!("CASE WHEN LENGTH(document) <= {MAX_DOCUMENT_BYTES} THEN document END AS document"),
        );
        let DashboardPage { ids, total, paged } = find_page(&mut conn, experiment, page, filter).await?;
        let mut rows: Vec<LogRow> = Vec::new();
        if !ids.is_empty() {
            rows = bulk_rows!(conn, LogRow, format!("SELECT {columns} FROM logs WHERE id IN ("), |q| {
                let mut list = q.separated(", ");
                ids.iter().for_each(|id| {
                    list.push_bind(*id);
                });
                q.push(") ORDER BY created_at, id")
            })?;
        }
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

/// A page of a dashboard.
struct DashboardPage {
    ids: Vec<Uuid>,
    total: u64,
    paged: bool,
}

/// Returns the ids of the logs on a page, and the number of logs on all pages.
async fn find_page(
    conn: &mut Conn<'_>,
    experiment: ExperimentId,
    page: u32,
    filter: &str,
) -> Result<DashboardPage, Error> {
    let query = "SELECT id, name FROM logs WHERE experiment_id = $1 AND parent_id IS NULL ORDER BY created_at, id";
    let mut logs: Vec<(Uuid, String)> = sql!(*conn, |c| query_as(query).bind(experiment.0).fetch_all(c))?;
    let paged = logs.len() > Dashboard::PAGE_SIZE;
    if paged {
        logs.retain(|(_, name)| matches_name_filter(filter, name));
    }
    let first = (page as usize).saturating_mul(Dashboard::PAGE_SIZE);
    let ids = logs.iter().map(|(id, _)| *id).skip(first).take(Dashboard::PAGE_SIZE).collect();
    Ok(DashboardPage { ids, total: logs.len() as u64, paged })
}
