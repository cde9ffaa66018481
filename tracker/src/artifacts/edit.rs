//! Renames artifacts, replaces their files, and restores earlier versions.

use domain::{
    artifacts::{Artifact, ArtifactName, Origin},
    files::FileName,
    ids::{ArtifactId, ObjectId},
    live::ChangeKind,
    people::Right,
};
use sqlx::query;

use super::{
    artifact_access,
    find::{load_artifact, load_artifact_version},
    store::{NewVersion, add_version, artifact_name_taken, set_object_filename},
};
use crate::{
    Actor, Error, Tracker,
    db::{Write, conflict_if_duplicate, run},
};

/// Changes to an artifact. `None` leaves a field unchanged.
#[derive(Debug, Clone, Default)]
pub struct ArtifactEdit {
    /// The new name.
    pub name: Option<ArtifactName>,
    /// The new name of its file.
    pub filename: Option<FileName>,
    /// The new file, which becomes the newest version. Earlier versions are kept.
    pub object: Option<ObjectId>,
    /// Whether the script marks it as large.
    pub large: Option<bool>,
}

impl Tracker {
    /// Applies all changes to an artifact, or none if one of them fails.
    ///
    /// # Errors
    /// Returns [`Error::Conflict`] if the name is taken; [`Error::Invalid`] if the object is not uploaded or belongs to
    /// another experiment; [`Error::NotFound`] if the artifact does not exist or `who` may not see it;
    /// [`Error::Forbidden`] for viewers.
    pub async fn edit_artifact(&self, who: &Actor, id: ArtifactId, edit: ArtifactEdit) -> Result<Artifact, Error> {
        let mut write = self.write().await?;
        let mut conn = write.conn();
        let (experiment, access) = artifact_access(&mut conn, who, id).await?;
        access.require(Right::WriteContent)?;
        let current = load_artifact(&mut conn, id).await?.now;
        if let Some(name) = &edit.name {
            run!(conn, query("UPDATE artifacts SET name = $2 WHERE id = $1").bind(id.0).bind(name.as_str()))
                .map_err(|error| conflict_if_duplicate(error, || artifact_name_taken(name)))?;
        }
        let filename = edit.filename.unwrap_or(current.file.filename);
        let large = edit.large.unwrap_or(current.file.large);
        match edit.object {
            Some(object) if object != current.file.object => {
                let version = NewVersion { object, filename, large, origin: Origin::Script };
                add_version(&mut conn, who, experiment, id, &version).await?;
            }
            _ => {
                run!(
                    conn,
                    query(
                        "UPDATE artifact_versions SET filename = $3, large = $4 WHERE artifact_id = $1 AND version = $2"
                    )
                    .bind(id.0)
                    .bind(current.version)
                    .bind(filename.as_str())
                    .bind(large)
                )?;
                set_object_filename(&mut conn, current.file.object, &filename).await?;
            }
        }
        write.record_change(access.location, ChangeKind::Stored);
        self.record_write(&mut write, who, access.location).await?;
        commit_and_load(write, id).await
    }

    /// Renames an artifact.
    ///
    /// # Errors
    /// Returns [`Error::Conflict`] if the name is taken; [`Error::NotFound`] if the artifact does not exist or `who` may not
    /// see it; [`Error::Forbidden`] for viewers.
    pub async fn rename_artifact(&self, who: &Actor, id: ArtifactId, name: &ArtifactName) -> Result<Artifact, Error> {
        self.edit_artifact(who, id, ArtifactEdit { name: Some(name.clone()), ..ArtifactEdit::default() }).await
    }

    /// Makes a version the artifact's current one.
    ///
    /// # Errors
    /// Returns [`Error::NotFound`] if the artifact or the version does not exist or `who` may not see it;
    /// [`Error::Forbidden`] for viewers.
    pub async fn restore_artifact_version(&self, who: &Actor, id: ArtifactId, version: i64) -> Result<Artifact, Error> {
        let mut write = self.write().await?;
        let mut conn = write.conn();
        let (_, access) = artifact_access(&mut conn, who, id).await?;
        access.require(Right::WriteContent)?;
        let found = load_artifact_version(&mut conn, id, Some(version)).await?;
        run!(conn, query("UPDATE artifacts SET current_version = $2 WHERE id = $1").bind(id.0).bind(found.version))?;
        write.record_change(access.location, ChangeKind::Stored);
        commit_and_load(write, id).await
    }
}

async fn commit_and_load(mut write: Write, id: ArtifactId) -> Result<Artifact, Error> {
    let artifact = load_artifact(&mut write.conn(), id).await?;
    write.commit().await?;
    Ok(artifact)
}
