//! Uploaded objects: named first, then uploaded to a signed address, then used by what they were uploaded for.
//!
//! An object's bytes are kept once, however many objects they are: the database maps their SHA-256 to where they lie.
//! The order is always bytes, commit, name: a crash leaves bytes that the sweeper finds, never a name without bytes.

mod blob_lifecycle;
mod deletion_lease;
mod multipart;
mod parts;
mod resumable;
mod signed_url;
mod signing_key;
mod sweep;
mod transfer;

use domain::{
    files::{FileName, Purpose},
    ids::{ExperimentId, ObjectId, OrganizationId},
    people::Right,
};
use uuid::Uuid;

pub(crate) use blob_lifecycle::{StoredBlob, attach_blob, body_error, release_unreferenced, unmark_orphaned};
pub use resumable::NewUpload;
pub use signed_url::{SignedAction, SignedUrl};
pub use sweep::Swept;
pub(crate) use transfer::load_download;
pub use transfer::{Download, UPLOAD_LIMIT};

use crate::{
    Actor, Error, Tracker, clock,
    db::{Conn, run, sql},
    rights::{self, Access},
};

/// An object to be uploaded.
#[derive(Debug, Clone)]
pub struct NewObject {
    /// What for.
    pub purpose: Purpose,
    /// The experiment it will belong to.
    pub experiment: ExperimentId,
    /// What its file is called.
    pub filename: FileName,
}

impl Tracker {
    /// Gives a new object its name: its id. What is not uploaded within a day is forgotten.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the organization has no such experiment for `who`; [`Error::Forbidden`] for viewers.
    pub async fn create_object(
        &self,
        who: &Actor,
        organization: OrganizationId,
        new: &NewObject,
    ) -> Result<ObjectId, Error> {
        let mut write = self.write().await?;
        let mut conn = write.conn();
        let access = rights::in_experiment(&mut conn, who, new.experiment).await?;
        if access.location.organization != organization {
            return Err(Error::NotFound("experiment"));
        }
        access.require(Right::WriteContent)?;
        let id = ObjectId(Uuid::now_v7());
        insert_object(&mut conn, who, id, new).await?;
        write.commit().await?;
        Ok(id)
    }

    /// Allows whoever holds the ticket to upload the object, once.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such object for `who`; [`Error::Forbidden`] for viewers.
    pub async fn sign_upload(&self, who: &Actor, object: ObjectId) -> Result<SignedUrl, Error> {
        let mut reader = self.read().await?;
        let (access, _) = object_access(&mut reader.conn(), who, object).await?;
        access.require(Right::WriteContent)?;
        drop(reader);
        self.sign_url(SignedAction::Upload, object).await
    }

    /// Allows whoever holds the ticket to download the object.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such object for `who`, or it was not uploaded yet.
    pub async fn sign_download(&self, who: &Actor, object: ObjectId) -> Result<SignedUrl, Error> {
        let mut reader = self.read().await?;
        let (_, uploaded) = object_access(&mut reader.conn(), who, object).await?;
        if !uploaded {
            return Err(Error::NotFound("object"));
        }
        drop(reader);
        self.sign_url(SignedAction::Download, object).await
    }
}

/// Notes an object that is going to be uploaded. The rights have been checked.
pub(crate) async fn insert_object(
    conn: &mut Conn<'_>,
    who: &Actor,
    id: ObjectId,
    new: &NewObject,
) -> Result<(), Error> {
    run!(
        *conn,
        sqlx::query(
            "INSERT INTO objects (id, experiment_id, purpose, filename, created_by, created_at)
             VALUES ($1, $2, $3, $4, $5, $6)"
        )
        .bind(id.0)
        .bind(new.experiment.0)
        .bind(new.purpose.as_str())
        .bind(new.filename.as_str())
        .bind(who.user.0)
        .bind(clock::now().0)
    )?;
    Ok(())
}

/// What `who` may do with an object, and whether its bytes are there.
async fn object_access(conn: &mut Conn<'_>, who: &Actor, object: ObjectId) -> Result<(Access, bool), Error> {
    let row: Option<(Uuid, bool)> =
        sql!(*conn, |c| sqlx::query_as("SELECT experiment_id, sha256 IS NOT NULL FROM objects WHERE id = $1")
            .bind(object.0)
            .fetch_optional(c))?;
    let (experiment, uploaded) = row.ok_or(Error::NotFound("object"))?;
    match rights::in_experiment(conn, who, ExperimentId(experiment)).await {
        Ok(access) => Ok((access, uploaded)),
        Err(Error::NotFound(_)) => Err(Error::NotFound("object")),
        Err(error) => Err(error),
    }
}
