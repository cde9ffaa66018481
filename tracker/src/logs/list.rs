//! Lists logs in a requested order.

use domain::{
    ids::ExperimentId,
    logs::{Log, LogField},
    paging::{Order, Page, Paged},
};
use sqlx::{query_as, query_scalar};

use super::{
    log_row::{LogRow, select_logs_sql},
    read::logs_with_details,
};
use crate::{
    Actor, Error, Tracker,
    db::{order_by, sql},
    rights,
};

impl Tracker {
    /// Returns a page of an experiment's logs with their documents, in the given order. Ties are ordered oldest first.
    ///
    /// # Errors
    /// Returns [`Error::NotFound`] if the experiment does not exist or `who` may not see it.
    pub async fn list_logs(
        &self,
        who: &Actor,
        experiment: ExperimentId,
        page: Page,
        order: &[Order<LogField>],
    ) -> Result<Paged<Log>, Error> {
        let column = |field| match field {
            LogField::Name => "name",
            LogField::Kind => "kind",
            LogField::CreatedAt => "created_at",
            LogField::UpdatedAt => "updated_at",
        };
        let order = order_by(order, column, "created_at, id");
        let mut snapshot = self.snapshot().await?;
        let mut conn = snapshot.conn();
        rights::in_experiment(&mut conn, who, experiment).await?;
        let total: i64 =
            sql!(conn, |c| query_scalar("SELECT COUNT(*) FROM logs WHERE experiment_id = $1 AND parent_id IS NULL")
                .bind(experiment.0)
                .fetch_one(c))?;
        let rest = format!("WHERE experiment_id = $1 AND parent_id IS NULL {order} LIMIT $2 OFFSET $3");
        let rows: Vec<LogRow> = sql!(conn, |c| query_as(select_logs_sql(&rest))
            .bind(experiment.0)
            .bind(page.limit())
            .bind(page.offset())
            .fetch_all(c))?;
        Ok(Paged { items: logs_with_details(&mut conn, rows).await?, total })
    }
}
