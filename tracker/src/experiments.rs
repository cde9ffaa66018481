//! Experiments: making, finding and reading them.

mod base;
mod change;
mod deletion_impact;
mod find;

use domain::{
    Description, Instant, Name,
    experiments::{Experiment, ExperimentPage},
    ids::{ExperimentId, OrganizationId, ProjectId},
    paging::{Page, Paged},
    people::Right,
};
use sqlx::{AssertSqlSafe, FromRow};
use uuid::Uuid;

pub use base::ExperimentSeed;
pub use change::{ExperimentEdit, Selection};

use crate::{Actor, Error, Tracker, db::sql, rights};

/// An experiment to be made.
#[derive(Debug, Clone)]
pub struct NewExperiment {
    /// Its name, unique in the project.
    pub name: Name,
    /// What it is about.
    pub description: Description,
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    project_id: Uuid,
    name: String,
    description: String,
    status: String,
    created_at: i64,
    updated_at: i64,
    version: i64,
    base_id: Option<Uuid>,
    creator: Option<String>,
}

/// Reads whole [`Row`]s of the experiments that `rest` selects.
fn select(rest: &str) -> AssertSqlSafe<String> {
    AssertSqlSafe(format!(
        "SELECT e.id, e.project_id, e.name, e.description, e.status, e.created_at, e.updated_at, e.version, e.base_id,
                u.name AS creator
         FROM experiments e LEFT JOIN users u ON u.id = e.created_by {rest}"
    ))
}

#[derive(FromRow)]
struct PageRow {
    #[sqlx(flatten)]
    experiment: Row,
    project_name: String,
    organization_id: Uuid,
    organization_name: String,
    base_name: Option<String>,
}

impl TryFrom<Row> for Experiment {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        Ok(Self {
            id: ExperimentId(row.id),
            project: ProjectId(row.project_id),
            name: Name::parse(&row.name).map_err(Error::unexpected)?,
            description: Description::parse(&row.description).map_err(Error::unexpected)?,
            status: row.status.parse().map_err(Error::unexpected)?,
            created_at: Instant(row.created_at),
            updated_at: Instant(row.updated_at),
            creator: row.creator.map(|name| Name::parse(&name)).transpose().map_err(Error::unexpected)?,
            base: row.base_id.map(ExperimentId),
            version: row.version,
        })
    }
}

impl Tracker {
    /// Makes an experiment; its status is WAITING.
    ///
    /// # Errors
    /// [`Error::Conflict`] when the project has one of that name; [`Error::Forbidden`] for viewers.
    pub async fn create_experiment(
        &self,
        who: &Actor,
        project: ProjectId,
        new: &NewExperiment,
    ) -> Result<ExperimentId, Error> {
        self.create_seeded_experiment(who, project, new, &ExperimentSeed::default()).await
    }

    /// A project's experiments, the newest first.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such project for `who`.
    pub async fn experiments(&self, who: &Actor, project: ProjectId, page: Page) -> Result<Paged<Experiment>, Error> {
        self.list_experiments(who, project, page, &[]).await
    }

    /// An experiment, where it is, and what `who` may do with it.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such experiment for `who`.
    pub async fn experiment(&self, who: &Actor, id: ExperimentId) -> Result<ExperimentPage, Error> {
        let mut reader = self.read().await?;
        let mut conn = reader.conn();
        let access = rights::in_experiment(&mut conn, who, id).await?;
        let row: Option<PageRow> = sql!(conn, |c| sqlx::query_as(
            "SELECT e.id, e.project_id, e.name, e.description, e.status, e.created_at, e.updated_at, e.version,
                    e.base_id, u.name AS creator, p.name AS project_name, o.id AS organization_id,
                    o.name AS organization_name, b.name AS base_name
             FROM experiments e
             JOIN projects p ON p.id = e.project_id
             JOIN organizations o ON o.id = p.organization_id
             LEFT JOIN users u ON u.id = e.created_by
             LEFT JOIN experiments b ON b.id = e.base_id
             WHERE e.id = $1"
        )
        .bind(id.0)
        .fetch_optional(c))?;
        let row = row.ok_or(Error::NotFound("experiment"))?;
        Ok(ExperimentPage {
            experiment: row.experiment.try_into()?,
            project_name: Name::parse(&row.project_name).map_err(Error::unexpected)?,
            organization: OrganizationId(row.organization_id),
            organization_name: Name::parse(&row.organization_name).map_err(Error::unexpected)?,
            base_name: row.base_name.map(|name| Name::parse(&name)).transpose().map_err(Error::unexpected)?,
            may_write: access.may(Right::WriteContent),
            may_edit: access.may(Right::EditExperiment),
            may_delete: access.may(Right::DeleteExperiment),
        })
    }
}

fn name_taken(name: &Name) -> String {
    format!("there is already an experiment named '{name}' in this project; choose another name")
}
