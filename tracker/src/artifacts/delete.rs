//! Deletes artifacts and versions, and computes how much space that frees.
//!
//! The impact of a deletion is computed by performing it in a transaction that is not committed. It is therefore exact,
//! also for bytes shared with other objects.

use domain::{
    artifacts::DeletionImpact,
    ids::{ArtifactId, ExperimentId},
    live::ChangeKind,
    people::Right,
};
use sqlx::query_as;
use uuid::Uuid;

use super::{artifact_access, find::load_artifact};
use crate::{
    Actor, Error, Tracker,
    db::{Conn, bulk_rows, sql},
    objects::release_unreferenced,
    rights,
};

/// The impact, and the keys of the orphaned bytes to delete after the commit.
type ImpactAndOrphans = (DeletionImpact, Vec<String>);

impl Tracker {
    /// Returns the impact of deleting these artifacts of an experiment. Unknown IDs are ignored.
    ///
    /// # Errors
    /// Returns [`Error::NotFound`] if the experiment does not exist or `who` may not see it; [`Error::Forbidden`] for
    /// viewers.
    pub async fn artifact_deletion_impact(
        &self,
        who: &Actor,
        experiment: ExperimentId,
        ids: &[ArtifactId],
    ) -> Result<DeletionImpact, Error> {
        let mut write = self.write_from_reserve().await?;
        let mut conn = write.conn();
        rights::in_experiment(&mut conn, who, experiment).await?.require(Right::WriteContent)?;
        delete_artifact_rows(&mut conn, experiment, ids).await.map(|(impact, _)| impact)
    }

    /// Deletes these artifacts of an experiment with all their versions, and frees their bytes at once. Unknown IDs are
    /// ignored.
    ///
    /// # Errors
    /// Returns [`Error::NotFound`] if the experiment does not exist or `who` may not see it; [`Error::Forbidden`] for
    /// viewers.
    pub async fn delete_artifacts(
        &self,
        who: &Actor,
        experiment: ExperimentId,
        ids: &[ArtifactId],
    ) -> Result<DeletionImpact, Error> {
        let mut write = self.write_from_reserve().await?;
        let mut conn = write.conn();
        let access = rights::in_experiment(&mut conn, who, experiment).await?;
        access.require(Right::WriteContent)?;
        let (impact, orphaned) = delete_artifact_rows(&mut conn, experiment, ids).await?;
        if impact.artifacts > 0 {
            write.record_change(access.location, ChangeKind::Stored);
        }
        write.commit().await?;
        self.delete_orphaned(&orphaned).await;
        Ok(impact)
    }

    /// Deletes an artifact with all its versions.
    ///
    /// # Errors
    /// Returns [`Error::NotFound`] if the artifact does not exist or `who` may not see it; [`Error::Forbidden`] for viewers.
    pub async fn delete_artifact(&self, who: &Actor, id: ArtifactId) -> Result<DeletionImpact, Error> {
        let (experiment, _) = artifact_access(&mut self.read().await?.conn(), who, id).await?;
        self.delete_artifacts(who, experiment, &[id]).await
    }

    /// Deletes a version that is not the current one.
    ///
    /// # Errors
    /// Returns [`Error::Conflict`] for the current version; [`Error::NotFound`] if the artifact or the version does not
    /// exist or `who` may not see it; [`Error::Forbidden`] for viewers.
    pub async fn delete_artifact_version(
        &self,
        who: &Actor,
        id: ArtifactId,
        version: i64,
    ) -> Result<DeletionImpact, Error> {
        let impact = self.delete_versions(who, id, Some(version)).await?;
        if impact.files == 0 { Err(Error::NotFound("version")) } else { Ok(impact) }
    }

    /// Deletes all versions except the current one.
    ///
    /// # Errors
    /// Returns [`Error::NotFound`] if the artifact does not exist or `who` may not see it; [`Error::Forbidden`] for viewers.
    pub async fn delete_earlier_versions(&self, who: &Actor, id: ArtifactId) -> Result<DeletionImpact, Error> {
        self.delete_versions(who, id, None).await
    }

    async fn delete_versions(&self, who: &Actor, id: ArtifactId, only: Option<i64>) -> Result<DeletionImpact, Error> {
        let mut write = self.write_from_reserve().await?;
        let mut conn = write.conn();
        let (_, access) = artifact_access(&mut conn, who, id).await?;
        access.require(Right::WriteContent)?;
        let current = load_artifact(&mut conn, id).await?.now.version;
        if only == Some(current) {
            return Err(Error::Conflict(
                "this is the current version; make another version current first, or delete the artifact".to_owned(),
            ));
        }
        let files: Vec<(Uuid, i64)> = sql!(conn, |c| query_as(
            "DELETE FROM artifact_versions
             WHERE artifact_id = $1 AND version <> $2 AND version = COALESCE($3, version)
             RETURNING object_id, version"
        )
        .bind(id.0)
        .bind(current)
        .bind(only)
        .fetch_all(c))?;
        let objects: Vec<Uuid> = files.into_iter().map(|(object, _)| object).collect();
        let (impact, orphaned) = delete_unreferenced_objects(&mut conn, &objects).await?;
        write.record_change(access.location, ChangeKind::Stored);
        write.commit().await?;
        self.delete_orphaned(&orphaned).await;
        Ok(impact)
    }
}

/// Deletes artifacts with their versions, objects and blobs.
async fn delete_artifact_rows(
    conn: &mut Conn<'_>,
    experiment: ExperimentId,
    ids: &[ArtifactId],
) -> Result<ImpactAndOrphans, Error> {
    let (mut artifacts, mut objects) = (0, Vec::new());
    for chunk in ids.chunks(10_000) {
        let files = bulk_rows!(
            *conn,
            (Uuid,),
            "DELETE FROM artifact_versions WHERE artifact_id IN (SELECT id FROM artifacts WHERE experiment_id = ",
            |q| {
                q.push_bind(experiment.0).push(" AND id IN (");
                let mut list = q.separated(", ");
                chunk.iter().for_each(|id| {
                    list.push_bind(id.0);
                });
                q.push(")) RETURNING object_id")
            }
        )?;
        objects.extend(files.into_iter().map(|(object,)| object));
        let deleted = bulk_rows!(*conn, (Uuid,), "DELETE FROM artifacts WHERE experiment_id = ", |q| {
            q.push_bind(experiment.0).push(" AND id IN (");
            let mut list = q.separated(", ");
            chunk.iter().for_each(|id| {
                list.push_bind(id.0);
            });
            q.push(") RETURNING id")
        })?;
        artifacts += deleted.len() as u64;
    }
    let (impact, orphaned) = delete_unreferenced_objects(conn, &objects).await?;
    Ok((DeletionImpact { artifacts, ..impact }, orphaned))
}

/// Deletes the objects of deleted versions, except those that are still referenced. `of_versions` has one object for each
/// version.
async fn delete_unreferenced_objects(conn: &mut Conn<'_>, of_versions: &[Uuid]) -> Result<ImpactAndOrphans, Error> {
    let mut impact = DeletionImpact { files: of_versions.len() as u64, ..DeletionImpact::default() };
    let mut sizes = std::collections::HashMap::new();
    let mut hashes = Vec::new();
    for chunk in of_versions.chunks(10_000) {
        let found = bulk_rows!(
            *conn,
            (Uuid, i64),
            "SELECT o.id, b.size FROM objects o JOIN blobs b ON b.sha256 = o.sha256 WHERE o.id IN (",
            |q| {
                let mut list = q.separated(", ");
                chunk.iter().for_each(|id| {
                    list.push_bind(*id);
                });
                q.push(")")
            }
        )?;
        sizes.extend(found);
        let deleted = bulk_rows!(*conn, (Option<Vec<u8>>,), "DELETE FROM objects WHERE id IN (", |q| {
            let mut list = q.separated(", ");
            chunk.iter().for_each(|id| {
                list.push_bind(*id);
            });
            q.push(
                ") AND NOT EXISTS (SELECT 1 FROM artifact_versions v WHERE v.object_id = objects.id)
                 AND NOT EXISTS (SELECT 1 FROM log_images i WHERE i.object_id = objects.id) RETURNING sha256",
            )
        })?;
        hashes.extend(deleted.into_iter().filter_map(|(hash,)| hash));
    }
    impact.bytes = of_versions.iter().filter_map(|object| sizes.get(object)).map(|size| size.cast_unsigned()).sum();
    hashes.sort_unstable();
    hashes.dedup();
    let (frees, orphaned) = release_unreferenced(conn, &hashes).await?;
    impact.frees = frees;
    Ok((impact, orphaned))
}
