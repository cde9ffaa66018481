//! Finding and listing experiments for the API.

use domain::{
    experiments::{Experiment, ExperimentField},
    ids::{ExperimentId, OrganizationId, ProjectId},
    paging::{ListRange, Order},
};
use uuid::Uuid;

use super::{ExperimentRow, select_experiments};
use crate::{
    Actor, Error, Key, ListStream, Tracker,
    db::{Conn, bulk_rows, order_by, sql},
    list_stream::{ListSource, LoadingItems, push_ids},
    rights,
};

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
        range: ListRange,
        order: &[Order<ExperimentField>],
    ) -> Result<ListStream<Experiment>, Error> {
        let column = |field| match field {
            ExperimentField::Name => "e.name",
            ExperimentField::Status => "e.status",
            ExperimentField::CreatedAt => "e.created_at",
            ExperimentField::UpdatedAt => "e.updated_at",
        };
        let source = ListSource {
            from: "experiments e WHERE e.project_id = $1",
            id: "e.id",
            order: order_by(order, column, "e.created_at DESC, e.id DESC"),
            load: load_experiments,
        };
        let mut snapshot = self.snapshot().await?;
        rights::in_project(&mut snapshot.conn(), who, project).await?;
        ListStream::open(self.db(), &mut snapshot, project.0, source, range).await
    }

    /// Returns the ids of a project's experiments, oldest first.
    ///
    /// # Errors
    /// Returns [`Error::NotFound`] if the project does not exist or `who` may not see it.
    pub async fn experiment_ids(&self, who: &Actor, project: ProjectId) -> Result<Vec<ExperimentId>, Error> {
        let mut reader = self.read().await?;
        let mut conn = reader.conn();
        rights::in_project(&mut conn, who, project).await?;
        let ids: Vec<Uuid> = sql!(conn, |c| sqlx::query_scalar(
            "SELECT id FROM experiments WHERE project_id = $1 ORDER BY created_at, id"
        )
        .bind(project.0)
        .fetch_all(c))?;
        Ok(ids.into_iter().map(ExperimentId).collect())
    }
}

fn load_experiments<'c>(conn: &'c mut Conn<'_>, ids: &'c [Uuid]) -> LoadingItems<'c, Experiment> {
    Box::pin(async move {
        let select = select_experiments("WHERE e.id IN (").0;
        let rows = bulk_rows!(*conn, ExperimentRow, select, |query| push_ids(&mut query, ids))?;
        rows.into_iter().map(|row| Ok((row.id, row.try_into()?))).collect()
    })
}
