//! Finding artifacts and their versions.

use domain::{
    artifacts::{Artifact, ArtifactField, ArtifactName, ArtifactVersion},
    ids::{ArtifactId, ExperimentId, ObjectId},
    paging::{Order, Page, Paged},
};
use sqlx::{query_as, query_scalar};
use uuid::Uuid;

use super::{
    artifact_access,
    row::{ArtifactRow, VersionRow, select_artifacts_sql, select_versions_sql},
};
use crate::{
    Actor, Error, Tracker,
    db::{Conn, order_by, sql},
    rights,
};

/// The most versions that are told, the newest of them.
const MAX_VERSIONS: i64 = 1_000;

impl Tracker {
    /// An experiment's artifacts in this order; what it leaves open, and all without one, the oldest first.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such experiment for `who`.
    pub async fn artifacts(
        &self,
        who: &Actor,
        experiment: ExperimentId,
        page: Page,
        order: &[Order<ArtifactField>],
    ) -> Result<Paged<Artifact>, Error> {
        let column = |field| match field {
            ArtifactField::Name => "a.name",
            ArtifactField::Filename => "v.filename",
            ArtifactField::CreatedAt => "a.created_at",
            ArtifactField::UpdatedAt => "v.stored_at",
        };
        let order = order_by(order, column, "a.created_at, a.id");
        let mut snapshot = self.snapshot().await?;
        let mut conn = snapshot.conn();
        rights::in_experiment(&mut conn, who, experiment).await?;
        let total: i64 = sql!(conn, |c| query_scalar("SELECT COUNT(*) FROM artifacts WHERE experiment_id = $1")
            .bind(experiment.0)
            .fetch_one(c))?;
        let rest = format!("WHERE a.experiment_id = $1 {order} LIMIT $2 OFFSET $3");
        let rows: Vec<ArtifactRow> = sql!(conn, |c| query_as(select_artifacts_sql(&rest))
            .bind(experiment.0)
            .bind(page.limit())
            .bind(page.offset())
            .fetch_all(c))?;
        Ok(Paged { items: rows.into_iter().map(Artifact::try_from).collect::<Result<_, _>>()?, total })
    }

    /// The ids of an experiment's artifacts, the oldest first; at most the first million.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such experiment for `who`.
    pub async fn artifact_ids(&self, who: &Actor, experiment: ExperimentId) -> Result<Vec<ArtifactId>, Error> {
        let mut reader = self.read().await?;
        let mut conn = reader.conn();
        rights::in_experiment(&mut conn, who, experiment).await?;
        let ids: Vec<Uuid> = sql!(conn, |c| query_scalar(
            "SELECT id FROM artifacts WHERE experiment_id = $1 ORDER BY created_at, id LIMIT 1000000"
        )
        .bind(experiment.0)
        .fetch_all(c))?;
        Ok(ids.into_iter().map(ArtifactId).collect())
    }

    /// An artifact.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such artifact for `who`.
    pub async fn artifact(&self, who: &Actor, id: ArtifactId) -> Result<Artifact, Error> {
        let mut reader = self.read().await?;
        let mut conn = reader.conn();
        artifact_access(&mut conn, who, id).await?;
        load_artifact(&mut conn, id).await
    }

    /// An experiment's artifact of that name.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such experiment for `who`, or no such artifact in it.
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

    /// The files that were stored under an artifact's name, the newest first; at most the newest 1,000.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such artifact for `who`.
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

/// The artifact as it is.
pub(super) async fn load_artifact(conn: &mut Conn<'_>, id: ArtifactId) -> Result<Artifact, Error> {
    let row: Option<ArtifactRow> =
        sql!(*conn, |c| query_as(select_artifacts_sql("WHERE a.id = $1")).bind(id.0).fetch_optional(c))?;
    row.ok_or(Error::NotFound("artifact"))?.try_into()
}

/// One file of an artifact: the one that it holds, or that of a version.
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

/// The artifact of that name.
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

/// An artifact that holds this object, or did.
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
