//! Experiments: creating, reading, changing and deleting them.

mod base;
mod change;
mod deletion_impact;
mod find;
mod lifecycle;

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
pub(crate) use lifecycle::WriteRecorder;

use lifecycle::RunTimesRow;

use crate::{Actor, Error, Tracker, db::sql, rights};

/// An experiment to create.
#[derive(Debug, Clone)]
pub struct NewExperiment {
    /// The name, unique within the project.
    pub name: Name,
    /// Description in Markdown; may be empty.
    pub description: Description,
}

#[derive(FromRow)]
struct ExperimentRow {
    id: Uuid,
    project_id: Uuid,
    name: String,
    description: String,
    status: String,
    #[sqlx(flatten)]
    times: RunTimesRow,
    created_at: i64,
    updated_at: i64,
    version: i64,
    base_id: Option<Uuid>,
    creator: Option<String>,
}

/// The columns of an [`ExperimentRow`] in `experiments e` with its creator `users u`.
const EXPERIMENT_COLUMNS: &str = "e.id, e.project_id, e.name, e.description, e.status, e.started_at, e.ended_at, \
    e.last_news_at, e.longest_pause, e.created_at, e.updated_at, e.version, e.base_id, u.name AS creator";

/// Returns the query for [`ExperimentRow`]s. `rest` follows its `FROM` clause.
fn select_experiments(rest: &str) -> AssertSqlSafe<String> {
    AssertSqlSafe(format!(
        "SELECT {EXPERIMENT_COLUMNS}
         FROM experiments e LEFT JOIN users u ON u.id = e.created_by {rest}"
    ))
}

#[derive(FromRow)]
struct ExperimentPageRow {
    #[sqlx(flatten)]
    experiment: ExperimentRow,
    project_name: String,
    organization_id: Uuid,
    organization_name: String,
    base_name: Option<String>,
}

impl TryFrom<ExperimentRow> for Experiment {
    type Error = Error;

    fn try_from(row: ExperimentRow) -> Result<Self, Error> {
        Ok(Self {
            id: ExperimentId(row.id),
            project: ProjectId(row.project_id),
            name: Name::from_stored(row.name),
            description: Description::parse(&row.description).map_err(Error::unexpected)?,
            status: row.status.parse().map_err(Error::unexpected)?,
            times: row.times.into(),
            created_at: Instant(row.created_at),
            updated_at: Instant(row.updated_at),
            creator: row.creator.map(Name::from_stored),
            base: row.base_id.map(ExperimentId),
            version: row.version,
        })
    }
}

impl Tracker {
    /// Creates an experiment with the status `WAITING`.
    ///
    /// # Errors
    /// Returns [`Error::Conflict`] if the project has an experiment with this name, and [`Error::Forbidden`] for viewers.
    pub async fn create_experiment(
        &self,
        who: &Actor,
        project: ProjectId,
        new: &NewExperiment,
    ) -> Result<ExperimentId, Error> {
        self.create_seeded_experiment(who, project, new, &ExperimentSeed::default()).await
    }

    /// Returns a project's experiments, newest first.
    ///
    /// # Errors
    /// Returns [`Error::NotFound`] if the project does not exist or `who` may not see it.
    pub async fn experiments(&self, who: &Actor, project: ProjectId, page: Page) -> Result<Paged<Experiment>, Error> {
        self.list_experiments(who, project, page.into(), &[]).await?.into_page().await
    }

    /// Returns an experiment with its project, organization and base, and the rights of `who`.
    ///
    /// # Errors
    /// Returns [`Error::NotFound`] if the experiment does not exist or `who` may not see it.
    pub async fn experiment(&self, who: &Actor, id: ExperimentId) -> Result<ExperimentPage, Error> {
        let mut reader = self.read().await?;
        let mut conn = reader.conn();
        let access = rights::in_experiment(&mut conn, who, id).await?;
        let statement = format!(
            "SELECT {EXPERIMENT_COLUMNS}, p.name AS project_name, o.id AS organization_id,
                    o.name AS organization_name, b.name AS base_name
             FROM experiments e
             JOIN projects p ON p.id = e.project_id
             JOIN organizations o ON o.id = p.organization_id
             LEFT JOIN users u ON u.id = e.created_by
             LEFT JOIN experiments b ON b.id = e.base_id
             WHERE e.id = $1"
        );
        let row: Option<ExperimentPageRow> =
            sql!(conn, |c| sqlx::query_as(AssertSqlSafe(statement.as_str())).bind(id.0).fetch_optional(c))?;
        let row = row.ok_or(Error::NotFound("experiment"))?;
        Ok(ExperimentPage {
            experiment: row.experiment.try_into()?,
            project_name: Name::from_stored(row.project_name),
            organization: OrganizationId(row.organization_id),
            organization_name: Name::from_stored(row.organization_name),
            base_name: row.base_name.map(Name::from_stored),
            may_write: access.may(Right::WriteContent),
            may_edit: access.may(Right::EditExperiment),
            may_delete: access.may(Right::DeleteExperiment),
        })
    }
}

fn name_taken_message(name: &Name) -> String {
    format!("an experiment named '{name}' already exists in this project; choose another name")
}
