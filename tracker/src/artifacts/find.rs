//! Reads artifacts and their versions.

use domain::{
    artifacts::{Artifact, ArtifactField, ArtifactName, ArtifactVersion},
    ids::{ArtifactId, ExperimentId, ObjectId},
    paging::{ListRange, Order},
};
use sqlx::{query_as, query_scalar};
use uuid::Uuid;

use super::{
    artifact_access,
    row::{ArtifactRow, VersionRow, select_artifacts_sql, select_versions_sql},
};
use crate::{
    Actor, Error, ListStream, Tracker,
    db::{Conn, bulk_rows, order_by, sql},
    list_stream::{ListSource, LoadingItems, push_ids},
    rights,
};

/// The maximum number of versions in a list.
const MAX_VERSIONS: i64 = 1_000;

impl Tracker {
    /// Returns an experiment's artifacts, sorted by `order`, then by creation time, the oldest first.
    ///
    /// # Errors
    /// Returns [`Error::NotFound`] if the experiment does not exist or `who` may not see it.
    pub async fn list_artifacts(
        &self,
        who: &Actor,
        experiment: ExperimentId,
        range: ListRange,
        order: &[Order<ArtifactField>],
    ) -> Result<ListStream<Artifact>, Error> {
        let column = |field| match field {
            ArtifactField::Name => "a.name",
            ArtifactField::Filename => "v.filename",
            ArtifactField::CreatedAt => "a.created_at",
            ArtifactField::UpdatedAt => "v.stored_at",
        };
        let source = ListSource {
            from: "artifacts a JOIN artifact_versions v ON v.artifact_id = a.id AND v.version = a.current_version
                   WHERE a.experiment_id = $1",
            id: "a.id",
            order: order_by(order, column, "a.created_at, a.id"),
            load: load_artifacts,
        };
        let mut snapshot = self.snapshot().await?;
        rights::in_experiment(&mut snapshot.conn(), who, experiment).await?;
        ListStream::open(self.db(), &mut snapshot, experiment.0, source, range).await
    }

    /// Returns the IDs of an experiment's artifacts, the oldest first.
    ///
    /// # Errors
    /// Returns [`Error::NotFound`] if the experiment does not exist or `who` may not see it.
    pub async fn artifact_ids(&self, who: &Actor, experiment: ExperimentId) -> Result<Vec<ArtifactId>, Error> {
        let mut reader = self.read().await?;
        let mut conn = reader.conn();
        rights::in_experiment(&mut conn, who, experiment).await?;
        let ids: Vec<Uuid> =
            sql!(conn, |c| query_scalar("SELECT id FROM artifacts WHERE experiment_id = $1 ORDER BY created_at, id")
                .bind(experiment.0)
                .fetch_all(c))?;
        Ok(ids.into_iter().map(ArtifactId).collect())
    }

    /// Returns an artifact.
    ///
    /// # Errors
    /// Returns [`Error::NotFound`] if the artifact does not exist or `who` may not see it.
    pub async fn artifact(&self, who: &Actor, id: ArtifactId) -> Result<Artifact, Error> {
        let mut reader = self.read().await?;
        let mut conn = reader.conn();
        artifact_access(&mut conn, who, id).await?;
        load_artifact(&mut conn, id).await
    }

    /// Returns the artifact with this name in an experiment.
    ///
    /// # Errors
    /// Returns [`Error::NotFound`] if the experiment or the artifact does not exist or `who` may not see it.
    pub async fn artifact_by_name(
        &self,
        who: &Actor,
        experiment: ExperimentId,
        name: &ArtifactName,
    ) -> Result<Artifact, Error> {
        let mut reader = self.read().await?;
        let mut conn = reader.conn();
        rights::in_experiment(&mut conn, who, experiment).await?;
        let id = find_artifact_by_name(&mut conn, experiment, name).await?.ok_or(Error::NotFound("artifact"))?;
        load_artifact(&mut conn, id).await
    }

    /// Returns an artifact's versions, the newest first; at most 1,000.
    ///
    /// # Errors
    /// Returns [`Error::NotFound`] if the artifact does not exist or `who` may not see it.
    pub async fn artifact_versions(&self, who: &Actor, id: ArtifactId) -> Result<Vec<ArtifactVersion>, Error> {
        let mut reader = self.read().await?;
        let mut conn = reader.conn();
        artifact_access(&mut conn, who, id).await?;
        let rest = "WHERE v.artifact_id = $1 ORDER BY v.version DESC LIMIT $2";
        let rows: Vec<VersionRow> =
            sql!(conn, |c| query_as(select_versions_sql(rest)).bind(id.0).bind(MAX_VERSIONS).fetch_all(c))?;
        rows.into_iter().map(ArtifactVersion::try_from).collect()
    }
}

pub(super) fn load_artifacts<'c>(conn: &'c mut Conn<'_>, ids: &'c [Uuid]) -> LoadingItems<'c, Artifact> {
    Box::pin(async move {
        let select = select_artifacts_sql("WHERE a.id IN (").0;
        let rows = bulk_rows!(*conn, ArtifactRow, select, |query| push_ids(&mut query, ids))?;
        rows.into_iter().map(|row| Artifact::try_from(row).map(|artifact| (artifact.id.0, artifact))).collect()
    })
}

/// Returns an artifact.
///
/// # Errors
/// Returns [`Error::NotFound`] if it does not exist.
pub(super) async fn load_artifact(conn: &mut Conn<'_>, id: ArtifactId) -> Result<Artifact, Error> {
    let row: Option<ArtifactRow> =
        sql!(*conn, |c| query_as(select_artifacts_sql("WHERE a.id = $1")).bind(id.0).fetch_optional(c))?;
    row.ok_or(Error::NotFound("artifact"))?.try_into()
}

/// Returns a version of an artifact. `None` means the current version.
///
/// # Errors
/// Returns [`Error::NotFound`] if the artifact or the version does not exist.
pub(super) async fn load_artifact_version(
    conn: &mut Conn<'_>,
    id: ArtifactId,
    version: Option<i64>,
) -> Result<ArtifactVersion, Error> {
    let Some(version) = version else { return Ok(load_artifact(conn, id).await?.now) };
    let row: Option<VersionRow> =
        sql!(*conn, |c| query_as(select_versions_sql("WHERE v.artifact_id = $1 AND v.version = $2"))
            .bind(id.0)
            .bind(version)
            .fetch_optional(c))?;
    row.ok_or(Error::NotFound("version"))?.try_into()
}

/// Returns the ID of the artifact with this name, or `None` if the experiment has none.
pub(crate) async fn find_artifact_by_name(
    conn: &mut Conn<'_>,
    experiment: ExperimentId,
    name: &ArtifactName,
) -> Result<Option<ArtifactId>, Error> {
    let found: Option<Uuid> =
        sql!(*conn, |c| query_scalar("SELECT id FROM artifacts WHERE experiment_id = $1 AND name = $2")
            .bind(experiment.0)
            .bind(name.as_str())
            .fetch_optional(c))?;
    Ok(found.map(ArtifactId))
}

/// Returns the ID of an artifact with this object as any of its versions, or `None` if there is none.
pub(crate) async fn find_artifact_by_object(
    conn: &mut Conn<'_>,
    object: ObjectId,
) -> Result<Option<ArtifactId>, Error> {
    let found: Option<Uuid> =
        sql!(*conn, |c| query_scalar("SELECT artifact_id FROM artifact_versions WHERE object_id = $1 LIMIT 1")
            .bind(object.0)
            .fetch_optional(c))?;
    Ok(found.map(ArtifactId))
}
