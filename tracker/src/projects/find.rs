//! Finding and listing projects for the API.

use domain::{
    ids::{OrganizationId, ProjectId},
    paging::{Order, Page, Paged},
    projects::{Project, ProjectField},
};

use super::{ProjectRow, select_projects};
use crate::{
    Actor, Error, Key, Tracker,
    db::{order_by, sql},
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
        page: Page,
        order: &[Order<ProjectField>],
    ) -> Result<Paged<Project>, Error> {
        let column = |field| match field {
            ProjectField::Name => "p.name",
            ProjectField::CreatedAt => "p.created_at",
            ProjectField::UpdatedAt => "p.updated_at",
        };
        let order = order_by(order, column, "p.created_at DESC, p.id DESC");
        let mut reader = self.read().await?;
        let mut conn = reader.conn();
        rights::in_organization(&mut conn, who, organization).await?;
        let total: i64 =
            sql!(conn, |c| sqlx::query_scalar("SELECT COUNT(*) FROM projects WHERE organization_id = $1")
                .bind(organization.0)
                .fetch_one(c))?;
        let rows: Vec<ProjectRow> = sql!(conn, |c| sqlx::query_as(select_projects(&format!(
            "WHERE p.organization_id = $1 {order} LIMIT $2 OFFSET $3"
        )))
        .bind(organization.0)
        .bind(page.limit())
        .bind(page.offset())
        .fetch_all(c))?;
        let items = rows.into_iter().map(Project::try_from).collect::<Result<_, Error>>()?;
        Ok(Paged { items, total })
    }
}
