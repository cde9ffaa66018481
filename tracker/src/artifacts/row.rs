//! Database rows of artifacts and versions.

use domain::{
    Instant, Name,
    artifacts::{Artifact, ArtifactFile, ArtifactName, ArtifactVersion},
    files::FileName,
    ids::{ArtifactId, ExperimentId, ObjectId},
};
use sqlx::{AssertSqlSafe, FromRow};
use uuid::Uuid;

use crate::{Error, blobs::encode_hex};

#[derive(FromRow)]
pub(super) struct VersionRow {
    version: i64,
    pub(super) object_id: Uuid,
    filename: String,
    size: i64,
    sha256: Vec<u8>,
    large: bool,
    origin: String,
    stored_by: Option<String>,
    stored_at: i64,
}

#[derive(FromRow)]
pub(super) struct ArtifactRow {
    id: Uuid,
    experiment_id: Uuid,
    name: String,
    created_at: i64,
    versions: i64,
    #[sqlx(flatten)]
    current: VersionRow,
}

const VERSION_COLUMNS: &str =
    "v.version, v.object_id, v.filename, b.size, b.sha256, v.large, v.origin, u.name AS stored_by, v.stored_at";
const JOIN_FILE: &str = "JOIN objects o ON o.id = v.object_id JOIN blobs b ON b.sha256 = o.sha256
                        LEFT JOIN users u ON u.id = v.stored_by";

/// Returns a query for [`ArtifactRow`]s with the clauses `rest`, which may refer to artifacts `a`, their current versions
/// `v` and blobs `b`.
pub(super) fn select_artifacts_sql(rest: &str) -> AssertSqlSafe<String> {
    AssertSqlSafe(format!(
        "SELECT a.id, a.experiment_id, a.name, a.created_at,
                (SELECT COUNT(*) FROM artifact_versions w WHERE w.artifact_id = a.id) AS versions, {VERSION_COLUMNS}
         FROM artifacts a JOIN artifact_versions v ON v.artifact_id = a.id AND v.version = a.current_version {JOIN_FILE}
         {rest}"
    ))
}

/// Returns a query for [`VersionRow`]s with the clauses `rest`, which may refer to versions `v` and blobs `b`.
pub(super) fn select_versions_sql(rest: &str) -> AssertSqlSafe<String> {
    AssertSqlSafe(format!("SELECT {VERSION_COLUMNS} FROM artifact_versions v {JOIN_FILE} {rest}"))
}

impl TryFrom<VersionRow> for ArtifactVersion {
    type Error = Error;

    fn try_from(row: VersionRow) -> Result<Self, Error> {
        Ok(Self {
            version: row.version,
            file: ArtifactFile {
                object: ObjectId(row.object_id),
                filename: FileName::from_stored(&row.filename),
                size: row.size.cast_unsigned(),
                sha256: encode_hex(&row.sha256),
                large: row.large,
            },
            origin: row.origin.parse().map_err(Error::unexpected)?,
            by: row.stored_by.map(Name::from_stored),
            at: Instant(row.stored_at),
        })
    }
}

impl TryFrom<ArtifactRow> for Artifact {
    type Error = Error;

    fn try_from(row: ArtifactRow) -> Result<Self, Error> {
        Ok(Self {
            id: ArtifactId(row.id),
            experiment: ExperimentId(row.experiment_id),
            name: ArtifactName::from_stored(row.name),
            created_at: Instant(row.created_at),
            now: row.current.try_into()?,
            versions: row.versions,
        })
    }
}
