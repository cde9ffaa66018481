//! Stores uploaded objects as artifacts.

use domain::{
    artifacts::{Artifact, ArtifactName, Origin},
    files::FileName,
    ids::{ArtifactId, ExperimentId, ObjectId},
    live::{ChangeKind, Location},
    people::Right,
};
use sqlx::{query, query_scalar};
use uuid::Uuid;

use super::find::{find_artifact_by_name, load_artifact};
use crate::{
    Actor, Error, Tracker, clock,
    db::{Conn, Write, conflict_if_duplicate, run, sql},
    rights,
};

/// An artifact to create from an uploaded object.
#[derive(Debug, Clone)]
pub struct NewArtifact {
    /// Its name, unique in the experiment.
    pub name: ArtifactName,
    /// The name of its file.
    pub filename: FileName,
    /// The object with its bytes.
    pub object: ObjectId,
    /// Whether the script marks it as large.
    pub large: bool,
}

/// A version to add to an artifact.
pub(crate) struct NewVersion {
    pub(crate) object: ObjectId,
    pub(crate) filename: FileName,
    pub(crate) large: bool,
    pub(crate) origin: Origin,
}

impl Tracker {
    /// Creates an artifact from an uploaded object.
    ///
    /// # Errors
    /// Returns [`Error::Conflict`] if the name is taken; [`Error::Invalid`] if the object is not uploaded or belongs to
    /// another experiment; [`Error::Forbidden`] for viewers.
    pub async fn store_artifact(
        &self,
        who: &Actor,
        experiment: ExperimentId,
        new: &NewArtifact,
    ) -> Result<Artifact, Error> {
        let mut write = self.write().await?;
        let access = rights::in_experiment(&mut write.conn(), who, experiment).await?;
        access.require(Right::WriteContent)?;
        let version =
            NewVersion { object: new.object, filename: new.filename.clone(), large: new.large, origin: Origin::Script };
        let id = store_version(&mut write, who, access.location, experiment, &new.name, &version, false).await?;
        let artifact = load_artifact(&mut write.conn(), id).await?;
        self.record_write(&mut write, who, access.location).await?;
        write.commit().await?;
        Ok(artifact)
    }
}

/// Stores a version as a new artifact or, if `replace` is set, as the newest version of the existing one. The caller has
/// checked the rights.
///
/// # Errors
/// Returns [`Error::Conflict`] if the artifact exists and `replace` is not set; [`Error::Invalid`] if the object is not
/// uploaded or belongs to another experiment.
pub(crate) async fn store_version(
    write: &mut Write,
    who: &Actor,
    location: Location,
    experiment: ExperimentId,
    name: &ArtifactName,
    new: &NewVersion,
    replace: bool,
) -> Result<ArtifactId, Error> {
    let mut conn = write.conn();
    let id = match find_artifact_by_name(&mut conn, experiment, name).await? {
        Some(id) if replace => id,
        Some(_) => return Err(Error::Conflict(artifact_name_taken(name))),
        None => {
            let id = Uuid::now_v7();
            run!(
                conn,
                query(
                    "INSERT INTO artifacts (id, experiment_id, name, created_at, current_version, last_version)
                     VALUES ($1, $2, $3, $4, 0, 0)"
                )
                .bind(id)
                .bind(experiment.0)
                .bind(name.as_str())
                .bind(clock::now().0)
            )
            .map_err(|error| conflict_if_duplicate(error, || artifact_name_taken(name)))?;
            ArtifactId(id)
        }
    };
    add_version(&mut conn, who, experiment, id, new).await?;
    write.record_change(location, ChangeKind::Stored);
    Ok(id)
}

/// Adds the newest version to an artifact and makes it the current one.
pub(super) async fn add_version(
    conn: &mut Conn<'_>,
    who: &Actor,
    experiment: ExperimentId,
    artifact: ArtifactId,
    new: &NewVersion,
) -> Result<(), Error> {
    require_uploaded(conn, experiment, new.object).await?;
    let version: i64 = sql!(*conn, |c| query_scalar(
        "UPDATE artifacts SET last_version = last_version + 1, current_version = last_version + 1 WHERE id = $1
         RETURNING last_version"
    )
    .bind(artifact.0)
    .fetch_one(c))?;
    run!(
        *conn,
        query(
            "INSERT INTO artifact_versions
               (artifact_id, version, object_id, filename, large, origin, stored_by, stored_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
        )
        .bind(artifact.0)
        .bind(version)
        .bind(new.object.0)
        .bind(new.filename.as_str())
        .bind(new.large)
        .bind(new.origin.as_str())
        .bind(who.user.0)
        .bind(clock::now().0)
    )?;
    set_object_filename(conn, new.object, &new.filename).await
}

/// Sets the filename that downloads of an object are saved under.
pub(super) async fn set_object_filename(
    conn: &mut Conn<'_>,
    object: ObjectId,
    filename: &FileName,
) -> Result<(), Error> {
    run!(*conn, query("UPDATE objects SET filename = $2 WHERE id = $1").bind(object.0).bind(filename.as_str()))?;
    Ok(())
}

/// Checks that the object belongs to the experiment and is uploaded.
///
/// # Errors
/// Returns [`Error::Invalid`] otherwise.
async fn require_uploaded(conn: &mut Conn<'_>, experiment: ExperimentId, object: ObjectId) -> Result<(), Error> {
    let statement =
        format!("SELECT sha256 IS NOT NULL FROM objects WHERE id = $1 AND experiment_id = $2{}", conn.for_update());
    let found: Option<bool> = sql!(*conn, |c| query_scalar(sqlx::AssertSqlSafe(statement.as_str()))
        .bind(object.0)
        .bind(experiment.0)
        .fetch_optional(c))?;
    match found {
        Some(true) => Ok(()),
        Some(false) => Err(Error::Invalid(format!(
            "the bytes of the object '{object}' have not arrived; upload them to a signed URL first"
        ))),
        None => Err(Error::Invalid(format!(
            "this experiment has no object '{object}'; create one with 'generate_object_name', with type ARTIFACT and \
             this experiment's ID, then upload its bytes"
        ))),
    }
}

/// Returns the message for a name that is taken.
pub(crate) fn artifact_name_taken(name: &ArtifactName) -> String {
    format!("there is already an artifact named '{name}' in this experiment; replace its file or choose another name")
}
