//! Changing and deleting experiments.

use domain::{
    Description, Name,
    experiments::Status,
    ids::{ExperimentId, ProjectId},
    live::{ChangeKind, Location},
    people::Right,
};
use uuid::Uuid;

use super::name_taken;
use crate::{
    Actor, Error, Tracker, clock,
    db::{conflict_if_duplicate, run, sql},
    rights,
};

/// What to change of an experiment's settings; what is none stays.
#[derive(Debug, Clone, Default)]
pub struct ExperimentEdit {
    /// Another name.
    pub name: Option<Name>,
    /// Another description.
    pub description: Option<Description>,
    /// The version that the editor saw. When somebody else has changed the settings since, nothing is changed.
    /// None changes whatever is there.
    pub seen_version: Option<i64>,
}

/// Several at once: those that are named, or all there are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selection<Id> {
    /// Those with these ids; ids of nothing that is there are passed over.
    Ids(Vec<Id>),
    /// All.
    All,
}

impl Tracker {
    /// Changes an experiment's name or description; gives the version that the settings have now.
    ///
    /// # Errors
    /// [`Error::Conflict`] when the project has another of that name, or the settings are not as the editor saw them;
    /// [`Error::Forbidden`] without the right.
    pub async fn edit_experiment(&self, who: &Actor, id: ExperimentId, edit: &ExperimentEdit) -> Result<i64, Error> {
        let mut write = self.write().await?;
        let mut conn = write.conn();
        let access = rights::in_experiment(&mut conn, who, id).await?;
        access.require(Right::EditExperiment)?;
        let version: Option<i64> = sql!(conn, |c| sqlx::query_scalar(
            "UPDATE experiments
             SET name = COALESCE($2, name), description = COALESCE($3, description),
                 updated_at = $4, version = version + 1
             WHERE id = $1 AND version = COALESCE($5, version)
             RETURNING version"
        )
        .bind(id.0)
        .bind(edit.name.as_ref().map(Name::as_str))
        .bind(edit.description.as_ref().map(Description::as_str))
        .bind(clock::now().0)
        .bind(edit.seen_version)
        .fetch_optional(c))
        .map_err(|error| conflict_if_duplicate(error, || edit.name.as_ref().map(name_taken).unwrap_or_default()))?;
        let Some(version) = version else {
            return Err(Error::Conflict(
                "someone else changed these settings; reload the page, then make your changes again".to_owned(),
            ));
        };
        write.record_change(access.location, ChangeKind::Updated);
        write.commit().await?;
        Ok(version)
    }

    /// Sets an experiment's status. Scripts do this, so whoever may log may do it.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for viewers.
    pub async fn set_status(&self, who: &Actor, id: ExperimentId, status: Status) -> Result<(), Error> {
        let mut write = self.write().await?;
        let mut conn = write.conn();
        let access = rights::in_experiment(&mut conn, who, id).await?;
        access.require(Right::WriteContent)?;
        let changed = run!(
            conn,
            sqlx::query("UPDATE experiments SET status = $2, updated_at = $3 WHERE id = $1 AND status <> $2")
                .bind(id.0)
                .bind(status.as_str())
                .bind(clock::now().0)
        )?;
        if changed > 0 {
            write.record_change(access.location, ChangeKind::Updated);
        }
        write.commit().await
    }

    /// Deletes an experiment and everything in it.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without the right.
    pub async fn delete_experiment(&self, who: &Actor, id: ExperimentId) -> Result<(), Error> {
        let mut write = self.write().await?;
        let mut conn = write.conn();
        let access = rights::in_experiment(&mut conn, who, id).await?;
        access.require(Right::DeleteExperiment)?;
        run!(conn, sqlx::query("DELETE FROM experiments WHERE id = $1").bind(id.0))?;
        write.record_change(access.location, ChangeKind::Deleted);
        write.commit().await?;
        // Its files' bytes are nobody's now.
        self.sweep_soon();
        Ok(())
    }

    /// Deletes several of a project's experiments, or all, with everything in them: either every one of them or, when
    /// something fails, none. Gives how many there were.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without the right.
    pub async fn delete_experiments(
        &self,
        who: &Actor,
        project: ProjectId,
        which: &Selection<ExperimentId>,
    ) -> Result<u64, Error> {
        let mut write = self.write().await?;
        let mut conn = write.conn();
        let access = rights::in_project(&mut conn, who, project).await?;
        access.require(Right::DeleteExperiment)?;
        let mut deleted = Vec::new();
        match which {
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
