//! Finding and listing projects for the API.

use domain::{
    ids::{OrganizationId, ProjectId},
    paging::{ListRange, Order},
    projects::{Project, ProjectField},
};
use uuid::Uuid;

use super::{ProjectRow, select_projects};
use crate::{
    Actor, Error, Key, ListStream, Tracker,
    db::{Conn, bulk_rows, order_by, sql},
    list_stream::{ListSource, LoadingItems, push_ids},
    rights,
};

impl Tracker {
    /// Returns the project with this name or id in an organization.
    ///
    /// # Errors
    /// Returns [`Error::NotFound`] if the organization has no such project or `who` may not see it.
    pub async fn find_project(
        &self,
        who: &Actor,
        organization: OrganizationId,
        key: &Key<ProjectId>,
    ) -> Result<Project, Error> {
        let mut reader = self.read().await?;
        let mut conn = reader.conn();
        rights::in_organization(&mut conn, who, organization).await?;
        let row: Option<ProjectRow> = match key {
            Key::Id(id) => {
                sql!(conn, |c| sqlx::query_as(select_projects("WHERE p.organization_id = $1 AND p.id = $2"))
                    .bind(organization.0)
                    .bind(id.0)
                    .fetch_optional(c))?
            }
            Key::Name(name) => {
                sql!(conn, |c| sqlx::query_as(select_projects("WHERE p.organization_id = $1 AND p.name = $2"))
                    .bind(organization.0)
                    .bind(name.as_str())
                    .fetch_optional(c))?
            }
        };
        row.ok_or(Error::NotFound("project"))?.try_into()
    }

    /// Returns an organization's projects in this order. Ties, and an empty order, are sorted newest first.
    ///
    /// # Errors
    /// Returns [`Error::NotFound`] if the organization does not exist or `who` may not see it.
    pub async fn list_projects(
        &self,
        who: &Actor,
        organization: OrganizationId,
        range: ListRange,
        order: &[Order<ProjectField>],
    ) -> Result<ListStream<Project>, Error> {
        let column = |field| match field {
            ProjectField::Name => "p.name",
            ProjectField::CreatedAt => "p.created_at",
            ProjectField::UpdatedAt => "p.updated_at",
        };
        let source = ListSource {
            from: "projects p WHERE p.organization_id = $1",
            id: "p.id",
            order: order_by(order, column, "p.created_at DESC, p.id DESC"),
            load: load_projects,
        };
        let mut snapshot = self.snapshot().await?;
        rights::in_organization(&mut snapshot.conn(), who, organization).await?;
        ListStream::open(self.db(), &mut snapshot, organization.0, source, range).await
    }
}

fn load_projects<'c>(conn: &'c mut Conn<'_>, ids: &'c [Uuid]) -> LoadingItems<'c, Project> {
    Box::pin(async move {
        let select = select_projects("WHERE p.id IN (").0;
        let rows = bulk_rows!(*conn, ProjectRow, select, |query| push_ids(&mut query, ids))?;
        rows.into_iter().map(|row| Ok((row.id, row.try_into()?))).collect()
    })
}
