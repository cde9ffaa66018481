//! Uploaded objects: created with an ID, uploaded to a signed URL, then attached to a log or an artifact.
//!
//! Files are deduplicated (content-addressed): identical bytes are stored once, keyed by SHA-256. Bytes are durable before
//! the transaction that refers to them commits. A crash may leave orphaned bytes, but no reference without bytes.
//!
//! Unreferenced bytes are deleted (garbage collection) by the sweep in `sweep.rs`, and right after a deletion in
//! `blob_lifecycle.rs`.

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
#[cfg(any(test, feature = "fuzzing"))]
pub use signed_url::fuzzing::check_signed_url;
pub use signed_url::{SignedAction, SignedUrl};
pub use sweep::SweepSummary;
pub(crate) use transfer::load_download;
pub use transfer::{Download, UPLOAD_LIMIT};

use crate::{
    Actor, Error, Tracker, clock,
    db::{Conn, run, sql},
    rights::{self, Access},
};

/// An object to create.
#[derive(Debug, Clone)]
pub struct NewObject {
    /// What it will be used for.
    pub purpose: Purpose,
    /// The experiment that it belongs to.
    pub experiment: ExperimentId,
    /// The name of its file.
    pub filename: FileName,
}

impl Tracker {
    /// Creates an object without content and returns its ID. The sweep deletes it if it is not uploaded within a day.
    ///
    /// # Errors
    /// Returns [`Error::NotFound`] if the organization does not have the experiment or `who` may not see it;
    /// [`Error::Forbidden`] for viewers.
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
        self.record_write(&mut write, who, access.location).await?;
        write.commit().await?;
        Ok(id)
    }

    /// Returns a signed URL that allows anyone who has it to upload the object once.
    ///
    /// # Errors
    /// Returns [`Error::NotFound`] if the object does not exist or `who` may not see it; [`Error::Forbidden`] for viewers.
    pub async fn sign_upload(&self, who: &Actor, object: ObjectId) -> Result<SignedUrl, Error> {
        let mut reader = self.read().await?;
        let (access, _) = object_access(&mut reader.conn(), who, object).await?;
        access.require(Right::WriteContent)?;
        drop(reader);
        self.sign_url(SignedAction::Upload, object).await
    }

    /// Returns a signed URL that allows anyone who has it to download the object.
    ///
    /// # Errors
    /// Returns [`Error::NotFound`] if the object does not exist, is not uploaded yet, or `who` may not see it.
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

/// Inserts an object without content. The caller has checked the rights.
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

/// Returns the access of `who` to an object, and whether the object is uploaded.
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
