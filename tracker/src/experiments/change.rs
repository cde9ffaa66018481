//! Changing and deleting experiments.

use domain::{
    Description, Name,
    experiments::Status,
    ids::{ExperimentId, ProjectId},
    live::{ChangeKind, Location},
    people::Right,
};
use uuid::Uuid;

use super::{lifecycle::update_lifecycle, name_taken_message};
use crate::{
    Actor, Error, Tracker, clock,
    db::{conflict_if_duplicate, run, sql},
    names::{Siblings, require_distinct_rename},
    rights,
};

/// Changes to an experiment's settings; `None` keeps the current value.
#[derive(Debug, Clone, Default)]
pub struct ExperimentEdit {
    /// The new name.
    pub name: Option<Name>,
    /// The new description.
    pub description: Option<Description>,
    /// The version of the settings that the edit is based on. The edit fails if they have changed since. `None` skips the
    /// check.
    pub seen_version: Option<i64>,
}

/// Selects several items of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selection<Id> {
    /// The items with these ids. Unknown ids are ignored.
    Ids(Vec<Id>),
    /// All items.
    All,
}

impl Tracker {
    /// Changes an experiment's name or description. Returns the new version of the settings.
    ///
    /// # Errors
    /// Returns [`Error::Conflict`] if the project has another experiment whose name is equal or looks the same, or the settings
    /// have changed since the version that the edit is based on, and [`Error::Forbidden`] without the right to edit the experiment.
    pub async fn edit_experiment(&self, who: &Actor, id: ExperimentId, edit: &ExperimentEdit) -> Result<i64, Error> {
        let mut write = self.write().await?;
        let mut conn = write.conn();
        let access = rights::in_experiment(&mut conn, who, id).await?;
        access.require(Right::EditExperiment)?;
        let project = access.location.project.ok_or(Error::NotFound("experiment"))?;
        let siblings = Siblings::experiments_of(project);
        let name_nfkc = require_distinct_rename(&mut conn, &siblings, id.0, edit.name.as_ref()).await?;
        let version: Option<i64> = sql!(conn, |c| sqlx::query_scalar(
            "UPDATE experiments
             SET name = COALESCE($2, name), name_nfkc = COALESCE($6, name_nfkc),
                 description = COALESCE($3, description), updated_at = $4, version = version + 1
             WHERE id = $1 AND version = COALESCE($5, version)
             RETURNING version"
        )
        .bind(id.0)
        .bind(edit.name.as_ref().map(Name::as_str))
        .bind(edit.description.as_ref().map(Description::as_str))
        .bind(clock::now().0)
        .bind(edit.seen_version)
        .bind(name_nfkc)
        .fetch_optional(c))
        .map_err(|error| {
            conflict_if_duplicate(error, || edit.name.as_ref().map(name_taken_message).unwrap_or_default())
        })?;
        let Some(version) = version else {
            return Err(Error::Conflict(
                "someone else changed these settings; reload the page, then make your changes again".to_owned(),
            ));
        };
        write.record_change(access.location, ChangeKind::Updated);
        write.commit().await?;
        Ok(version)
    }

    /// Sets an experiment's status. Scripts do this, so it requires the same right as logging. Later writes don't change it.
    ///
    /// # Errors
    /// Returns [`Error::Forbidden`] for viewers.
    pub async fn set_status(&self, who: &Actor, id: ExperimentId, status: Status) -> Result<(), Error> {
        let mut write = self.write().await?;
        let mut conn = write.conn();
        let access = rights::in_experiment(&mut conn, who, id).await?;
        access.require(Right::WriteContent)?;
        update_lifecycle(&mut write, access.location, |state, now| state.after_setting(status, now)).await?;
        write.commit().await
    }

    /// Deletes an experiment with its logs and artifacts.
    ///
    /// # Errors
    /// Returns [`Error::Forbidden`] without the right to delete the experiment.
    pub async fn delete_experiment(&self, who: &Actor, id: ExperimentId) -> Result<(), Error> {
        let mut write = self.write_from_reserve().await?;
        let mut conn = write.conn();
        let access = rights::in_experiment(&mut conn, who, id).await?;
        access.require(Right::DeleteExperiment)?;
        run!(conn, sqlx::query("DELETE FROM experiments WHERE id = $1").bind(id.0))?;
        write.record_change(access.location, ChangeKind::Deleted);
        write.commit().await?;
        // Its blobs may be unreferenced now.
        self.sweep_soon();
        Ok(())
    }

    /// Deletes several or all experiments of a project with their logs and artifacts, in one transaction. Returns the number
    /// of deleted experiments.
    ///
    /// # Errors
    /// Returns [`Error::Forbidden`] without the right to delete experiments.
    pub async fn delete_experiments(
        &self,
        who: &Actor,
        project: ProjectId,
        selection: &Selection<ExperimentId>,
    ) -> Result<u64, Error> {
        let mut write = self.write_from_reserve().await?;
        let mut conn = write.conn();
        let access = rights::in_project(&mut conn, who, project).await?;
        access.require(Right::DeleteExperiment)?;
        let mut deleted = Vec::new();
        match selection {
            Selection::All => {
                let ids: Vec<Uuid> =
                    sql!(conn, |c| sqlx::query_scalar("DELETE FROM experiments WHERE project_id = $1 RETURNING id")
                        .bind(project.0)
                        .fetch_all(c))?;
                deleted.extend(ids.into_iter().map(ExperimentId));
            }
            Selection::Ids(ids) => {
                for id in ids {
                    let found = run!(
                        conn,
                        sqlx::query("DELETE FROM experiments WHERE project_id = $1 AND id = $2")
                            .bind(project.0)
                            .bind(id.0)
                    )?;
                    deleted.extend((found > 0).then_some(*id));
                }
            }
        }
        for id in &deleted {
            write.record_change(Location { experiment: Some(*id), ..access.location }, ChangeKind::Deleted);
        }
        write.commit().await?;
        self.sweep_soon();
        Ok(deleted.len() as u64)
    }
}
