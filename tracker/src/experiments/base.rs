//! The base of an experiment and the logs inherited from it.

use domain::{
    ids::{ExperimentId, LogId, ProjectId},
    live::{ChangeKind, Location, LogChange, LogChangeKind},
    logs::{Document, Kind, LogName},
    people::Right,
};
use sqlx::query_as;
use uuid::Uuid;

use super::{NewExperiment, name_taken_message};
use crate::{
    Actor, Error, IfExists, Tracker, clock,
    db::{Conn, conflict_if_duplicate, run, sql},
    logs,
    names::{Siblings, require_distinct_name},
    rights,
};

/// Names of the logs that an experiment inherits from its base.
const PARAMETERS: &str = "parameters";
const LABELMAP: &str = "labelmap";

/// Initial content of a new experiment. Empty by default.
#[derive(Debug, Clone, Default)]
pub struct ExperimentSeed {
    /// The base, an experiment of the same organization.
    pub base: Option<ExperimentId>,
    /// The log `parameters`, a `TABLE`. It replaces the parameters of the base.
    pub parameters: Option<Document>,
}

impl Tracker {
    /// Creates an experiment with initial content and the status `WAITING`.
    ///
    /// # Errors
    /// Returns [`Error::Conflict`] if the project has an experiment whose name is equal or looks the same, [`Error::NotFound`] if
    /// the organization has no such base or `who` may not see it, and [`Error::Forbidden`] for viewers.
    pub async fn create_seeded_experiment(
        &self,
        who: &Actor,
        project: ProjectId,
        new: &NewExperiment,
        seed: &ExperimentSeed,
    ) -> Result<ExperimentId, Error> {
        let mut write = self.write().await?;
        let mut conn = write.conn();
        let access = rights::in_project(&mut conn, who, project).await?;
        access.require(Right::CreateExperiment)?;
        if let Some(base) = seed.base {
            check_base(&mut conn, who, &access.location, base).await?;
        }
        let name_nfkc = require_distinct_name(&mut conn, &Siblings::experiments_of(project), &new.name).await?;
        let id = ExperimentId(Uuid::now_v7());
        run!(
            conn,
            sqlx::query(
                "INSERT INTO experiments
                    (id, project_id, name, description, status, created_by, created_at, updated_at, version, base_id,
                     name_nfkc)
                 VALUES ($1, $2, $3, $4, 'WAITING', $5, $6, $6, 1, $7, $8)"
            )
            .bind(id.0)
            .bind(project.0)
            .bind(new.name.as_str())
            .bind(new.description.as_str())
            .bind(who.user.0)
            .bind(clock::now().0)
            .bind(seed.base.map(|base| base.0))
            .bind(name_nfkc)
        )
        .map_err(|error| conflict_if_duplicate(error, || name_taken_message(&new.name)))?;
        if let Some(parameters) = &seed.parameters {
            logs::store_document(&mut conn, id, &LogName::parse(PARAMETERS)?, parameters, IfExists::Refuse).await?;
        }
        if let Some(base) = seed.base {
            inherit_logs(&mut conn, id, base).await?;
        }
        write.record_change(Location { experiment: Some(id), ..access.location }, ChangeKind::Created);
        write.commit().await?;
        Ok(id)
    }

    /// Sets the base of an experiment and copies its labelmap and parameters if the experiment has none.
    ///
    /// # Errors
    /// Returns [`Error::NotFound`] if the organization has no such base or `who` may not see it, [`Error::Invalid`] if the
    /// base is the experiment itself, and [`Error::Forbidden`] without the right to edit the experiment.
    pub async fn set_base_experiment(&self, who: &Actor, id: ExperimentId, base: ExperimentId) -> Result<(), Error> {
        let mut write = self.write().await?;
        let mut conn = write.conn();
        let access = rights::in_experiment(&mut conn, who, id).await?;
        access.require(Right::EditExperiment)?;
        if id == base {
            return Err(Error::Invalid("an experiment cannot be its own base; choose another base".to_owned()));
        }
        check_base(&mut conn, who, &access.location, base).await?;
        run!(
            conn,
            sqlx::query("UPDATE experiments SET base_id = $2, updated_at = $3, version = version + 1 WHERE id = $1")
                .bind(id.0)
                .bind(base.0)
                .bind(clock::now().0)
        )?;
        for change in inherit_logs(&mut conn, id, base).await? {
            write.record_log_change(access.location, change);
        }
        write.record_change(access.location, ChangeKind::Updated);
        write.commit().await
    }
}

/// Copies the labelmap and parameters of the base unless the experiment has logs with these names. Returns the changes.
async fn inherit_logs(conn: &mut Conn<'_>, id: ExperimentId, base: ExperimentId) -> Result<Vec<LogChange>, Error> {
    let found: Vec<(String, String, String)> = sql!(*conn, |c| query_as(
        "SELECT b.name, b.kind, b.document FROM logs b
         WHERE b.experiment_id = $1 AND b.name IN ($3, $4) AND b.kind IN ('TABLE', 'LABELMAP')
         AND NOT EXISTS (SELECT 1 FROM logs o WHERE o.experiment_id = $2 AND o.name = b.name)"
    )
    .bind(base.0)
    .bind(id.0)
    .bind(PARAMETERS)
    .bind(LABELMAP)
    .fetch_all(c))?;
    let mut changes = Vec::new();
    for (name, kind, json) in found {
        let kind: Kind = kind.parse().map_err(Error::unexpected)?;
        let document = Document::from_stored(kind, json);
        let row = logs::store_document(conn, id, &LogName::parse(&name)?, &document, IfExists::Refuse).await?;
        changes.push(LogChange {
            log: LogId(row.id),
            kind,
            change: LogChangeKind::Replaced { revision: row.revision },
        });
    }
    Ok(changes)
}

/// Checks that `who` may see the base and that it belongs to the same organization, because every reader of the experiment sees
/// the name of its base.
async fn check_base(conn: &mut Conn<'_>, who: &Actor, location: &Location, base: ExperimentId) -> Result<(), Error> {
    const NOUN: &str = "base experiment in this organization";
    match rights::in_experiment(conn, who, base).await {
        Ok(access) if access.location.organization == location.organization => Ok(()),
        Ok(_) | Err(Error::NotFound(_)) => Err(Error::NotFound(NOUN)),
        Err(error) => Err(error),
    }
}
