//! Finding and listing experiments for the API.

use domain::{
    experiments::{Experiment, ExperimentField},
    ids::{ExperimentId, OrganizationId, ProjectId},
    paging::{Order, Page, Paged},
};
use uuid::Uuid;

use super::{ExperimentRow, select_experiments};
use crate::{
    Actor, Error, Key, Tracker,
    db::{order_by, sql},
    rights,
};

/// Maximum number of returned ids, far above the number of experiments in a project.
const MAX_IDS: i64 = 100_000;

impl Tracker {
    /// Returns the experiment with this name or id in a project.
    ///
    /// # Errors
    /// Returns [`Error::NotFound`] if the project has no such experiment or `who` may not see it.
    pub async fn find_experiment(
        &self,
        who: &Actor,
        project: ProjectId,
        key: &Key<ExperimentId>,
    ) -> Result<Experiment, Error> {
        let mut reader = self.read().await?;
        let mut conn = reader.conn();
        rights::in_project(&mut conn, who, project).await?;
        let row: Option<ExperimentRow> = match key {
            Key::Id(id) => sql!(conn, |c| sqlx::query_as(select_experiments("WHERE e.project_id = $1 AND e.id = $2"))
                .bind(project.0)
                .bind(id.0)
                .fetch_optional(c))?,
            Key::Name(name) => {
                sql!(conn, |c| sqlx::query_as(select_experiments("WHERE e.project_id = $1 AND e.name = $2"))
                    .bind(project.0)
                    .bind(name.as_str())
                    .fetch_optional(c))?
            }
        };
        row.ok_or(Error::NotFound("experiment"))?.try_into()
    }

    /// Returns the experiment with this id in any project of an organization.
    ///
    /// # Errors
    /// Returns [`Error::NotFound`] if the organization has no such experiment or `who` may not see it.
    pub async fn find_experiment_in_organization(
        &self,
        who: &Actor,
        organization: OrganizationId,
        id: ExperimentId,
    ) -> Result<Experiment, Error> {
        let mut reader = self.read().await?;
        let mut conn = reader.conn();
        let access = rights::in_experiment(&mut conn, who, id).await?;
        if access.location.organization != organization {
            return Err(Error::NotFound("experiment"));
        }
        let row: Option<ExperimentRow> =
            sql!(conn, |c| sqlx::query_as(select_experiments("WHERE e.id = $1")).bind(id.0).fetch_optional(c))?;
        row.ok_or(Error::NotFound("experiment"))?.try_into()
    }

    /// Returns a project's experiments in this order. Ties, and an empty order, are sorted newest first.
    ///
    /// # Errors
    /// Returns [`Error::NotFound`] if the project does not exist or `who` may not see it.
    pub async fn list_experiments(
        &self,
        who: &Actor,
        project: ProjectId,
        page: Page,
        order: &[Order<ExperimentField>],
    ) -> Result<Paged<Experiment>, Error> {
        let column = |field| match field {
            ExperimentField::Name => "e.name",
            ExperimentField::Status => "e.status",
            ExperimentField::CreatedAt => "e.created_at",
            ExperimentField::UpdatedAt => "e.updated_at",
        };
        let order = order_by(order, column, "e.created_at DESC, e.id DESC");
        let mut reader = self.read().await?;
        let mut conn = reader.conn();
        rights::in_project(&mut conn, who, project).await?;
        let total: i64 = sql!(conn, |c| sqlx::query_scalar("SELECT COUNT(*) FROM experiments WHERE project_id = $1")
            .bind(project.0)
            .fetch_one(c))?;
        let rows: Vec<ExperimentRow> = sql!(conn, |c| sqlx::query_as(select_experiments(&format!(
            "WHERE e.project_id = $1 {order} LIMIT $2 OFFSET $3"
        )))
        .bind(project.0)
        .bind(page.limit())
        .bind(page.offset())
        .fetch_all(c))?;
        let items = rows.into_iter().map(Experiment::try_from).collect::<Result<_, Error>>()?;
        Ok(Paged { items, total })
    }

    /// Returns the ids of a project's experiments, oldest first. Returns at most 100,000.
    ///
    /// # Errors
    /// Returns [`Error::NotFound`] if the project does not exist or `who` may not see it.
    pub async fn experiment_ids(&self, who: &Actor, project: ProjectId) -> Result<Vec<ExperimentId>, Error> {
        let mut reader = self.read().await?;
        let mut conn = reader.conn();
        rights::in_project(&mut conn, who, project).await?;
        let ids: Vec<Uuid> = sql!(conn, |c| sqlx::query_scalar(
            "SELECT id FROM experiments WHERE project_id = $1 ORDER BY created_at, id LIMIT $2"
        )
        .bind(project.0)
        .bind(MAX_IDS)
        .fetch_all(c))?;
        Ok(ids.into_iter().map(ExperimentId).collect())
    }
}
