//! Projects: creating, reading, changing and deleting them.

mod find;

use domain::{
    Description, Instant, Name,
    ids::{OrganizationId, ProjectId},
    live::{ChangeKind, Location},
    paging::{Page, Paged},
    people::{ProjectRole, Right},
    projects::{Project, ProjectPage, ProjectSummary},
};
use sqlx::{AssertSqlSafe, FromRow};
use uuid::Uuid;

use crate::{
    Actor, Error, Tracker, clock,
    db::{Conn, conflict_if_duplicate, run, sql},
    names::{Siblings, require_distinct_name, require_distinct_rename},
    rights,
};

/// Changes to a project; `None` keeps the current value.
#[derive(Debug, Clone, Default)]
pub struct ProjectEdit {
    /// The new name.
    pub name: Option<Name>,
    /// The new description.
    pub description: Option<Description>,
}

#[derive(FromRow)]
struct ProjectRow {
    id: Uuid,
    organization_id: Uuid,
    name: String,
    description: String,
    created_at: i64,
    updated_at: i64,
    creator: Option<String>,
}

/// Returns the query for [`ProjectRow`]s. `rest` follows its `FROM` clause.
fn select_projects(rest: &str) -> AssertSqlSafe<String> {
    AssertSqlSafe(format!(
        "SELECT p.id, p.organization_id, p.name, p.description, p.created_at, p.updated_at, u.name AS creator
         FROM projects p LEFT JOIN users u ON u.id = p.created_by {rest}"
    ))
}

#[derive(FromRow)]
struct ProjectSummaryRow {
    #[sqlx(flatten)]
    project: ProjectRow,
    experiments: i64,
    running: i64,
    active_at: i64,
}

#[derive(FromRow)]
struct ProjectPageRow {
    #[sqlx(flatten)]
    project: ProjectRow,
    organization_name: String,
}

impl TryFrom<ProjectRow> for Project {
    type Error = Error;

    fn try_from(row: ProjectRow) -> Result<Self, Error> {
        Ok(Self {
            id: ProjectId(row.id),
            organization: OrganizationId(row.organization_id),
            name: Name::from_stored(row.name),
            description: Description::parse(&row.description).map_err(Error::unexpected)?,
            created_at: Instant(row.created_at),
            updated_at: Instant(row.updated_at),
            creator: row.creator.map(Name::from_stored),
        })
    }
}

impl Tracker {
    /// Creates a project. Its creator becomes its editor.
    ///
    /// # Errors
    /// Returns [`Error::Conflict`] if the organization has a project whose name is equal or looks the same, and [`Error::Forbidden`] for viewers.
    pub async fn create_project(
        &self,
        who: &Actor,
        organization: OrganizationId,
        name: &Name,
        description: &Description,
    ) -> Result<ProjectId, Error> {
        let mut write = self.write().await?;
        let mut conn = write.conn();
        rights::in_organization(&mut conn, who, organization).await?.require(Right::CreateProject)?;
        let name_nfkc = require_distinct_name(&mut conn, &Siblings::projects_of(organization), name).await?;
        let id = ProjectId(Uuid::now_v7());
        run!(
            conn,
            sqlx::query(
                "INSERT INTO projects
                    (id, organization_id, name, description, created_by, created_at, updated_at, name_nfkc)
                 VALUES ($1, $2, $3, $4, $5, $6, $6, $7)"
            )
            .bind(id.0)
            .bind(organization.0)
            .bind(name.as_str())
            .bind(description.as_str())
            .bind(who.user.0)
            .bind(clock::now().0)
            .bind(name_nfkc)
        )
        .map_err(|error| conflict_if_duplicate(error, || name_taken_message(name)))?;
        run!(
            conn,
            sqlx::query("INSERT INTO project_roles (project_id, user_id, role) VALUES ($1, $2, $3)")
                .bind(id.0)
                .bind(who.user.0)
                .bind(ProjectRole::Editor.as_str())
        )?;
        write.record_change(Location { organization, project: Some(id), experiment: None }, ChangeKind::Created);
        write.commit().await?;
        Ok(id)
    }

    /// Returns an organization's projects, most recently active first.
    ///
    /// # Errors
    /// Returns [`Error::NotFound`] if the organization does not exist or `who` may not see it.
    pub async fn projects(
        &self,
        who: &Actor,
        organization: OrganizationId,
        page: Page,
    ) -> Result<Paged<ProjectSummary>, Error> {
        let mut reader = self.read().await?;
        let mut conn = reader.conn();
        rights::in_organization(&mut conn, who, organization).await?;
        let total: i64 =
            sql!(conn, |c| sqlx::query_scalar("SELECT COUNT(*) FROM projects WHERE organization_id = $1")
                .bind(organization.0)
                .fetch_one(c))?;
        let rows: Vec<ProjectSummaryRow> = sql!(conn, |c| sqlx::query_as(
            "SELECT p.id, p.organization_id, p.name, p.description, p.created_at, p.updated_at, u.name AS creator,
                    COUNT(e.id) AS experiments,
                    COUNT(CASE WHEN e.status = 'RUNNING' THEN 1 END) AS running,
                    CASE WHEN COALESCE(MAX(e.updated_at), 0) > p.updated_at THEN MAX(e.updated_at)
                         ELSE p.updated_at END AS active_at
             FROM projects p
             LEFT JOIN users u ON u.id = p.created_by
             LEFT JOIN experiments e ON e.project_id = p.id
             WHERE p.organization_id = $1
             GROUP BY p.id, u.name
             ORDER BY active_at DESC, p.id LIMIT $2 OFFSET $3"
        )
        .bind(organization.0)
        .bind(page.limit())
        .bind(page.offset())
        .fetch_all(c))?;
        let to_summary = |row: ProjectSummaryRow| {
            Ok(ProjectSummary {
                project: row.project.try_into()?,
                experiments: row.experiments,
                running: row.running,
                active_at: Instant(row.active_at),
            })
        };
        let items = rows.into_iter().map(to_summary).collect::<Result<_, Error>>()?;
        Ok(Paged { items, total })
    }

    /// Returns a project with its organization and the rights of `who`.
    ///
    /// # Errors
    /// Returns [`Error::NotFound`] if the project does not exist or `who` may not see it.
    pub async fn project(&self, who: &Actor, id: ProjectId) -> Result<ProjectPage, Error> {
        let mut reader = self.read().await?;
        let mut conn = reader.conn();
        let access = rights::in_project(&mut conn, who, id).await?;
        let row = load_project_page(&mut conn, id).await?;
        Ok(ProjectPage {
            organization_name: Name::from_stored(row.organization_name),
            project: row.project.try_into()?,
            may_edit: access.may(Right::EditProject),
            may_delete: access.may(Right::DeleteProject),
            may_create_experiment: access.may(Right::CreateExperiment),
        })
    }

    /// Changes a project's name or description.
    ///
    /// # Errors
    /// Returns [`Error::Conflict`] if the organization has another project whose name is equal or looks the same, and
    /// [`Error::Forbidden`] without the right to edit the project.
    pub async fn edit_project(&self, who: &Actor, id: ProjectId, edit: &ProjectEdit) -> Result<(), Error> {
        let mut write = self.write().await?;
        let mut conn = write.conn();
        let access = rights::in_project(&mut conn, who, id).await?;
        access.require(Right::EditProject)?;
        let siblings = Siblings::projects_of(access.location.organization);
        let name_nfkc = require_distinct_rename(&mut conn, &siblings, id.0, edit.name.as_ref()).await?;
        run!(
            conn,
            sqlx::query(
                "UPDATE projects SET name = COALESCE($2, name), name_nfkc = COALESCE($5, name_nfkc),
                     description = COALESCE($3, description), updated_at = $4
                 WHERE id = $1"
            )
            .bind(id.0)
            .bind(edit.name.as_ref().map(Name::as_str))
            .bind(edit.description.as_ref().map(Description::as_str))
            .bind(clock::now().0)
            .bind(name_nfkc)
        )
        .map_err(|error| {
            conflict_if_duplicate(error, || edit.name.as_ref().map(name_taken_message).unwrap_or_default())
        })?;
        write.record_change(access.location, ChangeKind::Updated);
        write.commit().await
    }

    /// Deletes a project with all its experiments.
    ///
    /// # Errors
    /// Returns [`Error::Forbidden`] without the right to delete the project, and [`Error::NotFound`] if it does not exist or
    /// `who` may not see it.
    pub async fn delete_project(&self, who: &Actor, id: ProjectId) -> Result<(), Error> {
        let mut write = self.write_from_reserve().await?;
        let mut conn = write.conn();
        let access = rights::in_project(&mut conn, who, id).await?;
        access.require(Right::DeleteProject)?;
        run!(conn, sqlx::query("DELETE FROM projects WHERE id = $1").bind(id.0))?;
        write.record_change(access.location, ChangeKind::Deleted);
        write.commit().await?;
        self.sweep_soon();
        Ok(())
    }
}

async fn load_project_page(conn: &mut Conn<'_>, id: ProjectId) -> Result<ProjectPageRow, Error> {
    let row: Option<ProjectPageRow> = sql!(*conn, |c| sqlx::query_as(
        "SELECT p.id, p.organization_id, p.name, p.description, p.created_at, p.updated_at, u.name AS creator,
                o.name AS organization_name
         FROM projects p JOIN organizations o ON o.id = p.organization_id
         LEFT JOIN users u ON u.id = p.created_by WHERE p.id = $1"
    )
    .bind(id.0)
    .fetch_optional(c))?;
    row.ok_or(Error::NotFound("project"))
}

fn name_taken_message(name: &Name) -> String {
    format!("a project named '{name}' already exists in this organization; choose another name")
}
