//! Resumable uploads from pages: sent part by part, and continued by the same user after an interruption.
//!
//! Each has a row in `uploads`, as every upload in parts, and one in `page_uploads`. An upload has the ID of its object, so
//! that its artifact is found after the upload itself was deleted.

use std::io;

use bytes::Bytes;
use domain::{
    Instant,
    artifacts::{Artifact, ArtifactName, Fingerprint, Origin, Upload, part_count, part_size},
    files::{FileName, MediaType, Purpose, Sha256Hash},
    ids::{ExperimentId, ObjectId, UploadId},
    people::Right,
};
use futures_util::Stream;
use sqlx::{AssertSqlSafe, FromRow, query, query_as, query_scalar};
use uuid::Uuid;

use super::{NewObject, insert_object, parts};
use crate::{
    Actor, Error, Tracker,
    artifacts::{self, NewVersion},
    db::{Conn, run, sql},
    rights,
};

/// The maximum file size: 5 TiB, as in S3.
const MAX_FILE_SIZE: u64 = 5 << 40;
/// The maximum number of unfinished uploads of one user in one experiment.
const MAX_OPEN_UPLOADS: i64 = 1_000;
/// The maximum number of unfinished uploads in a list.
const MAX_LISTED: i64 = 100;

/// A file to upload from a page.
#[derive(Debug, Clone)]
pub struct NewUpload {
    /// The name of the artifact to store the file in.
    pub name: ArtifactName,
    /// The name of the file on the user's device.
    pub filename: FileName,
    /// Its size in bytes.
    pub size: u64,
    /// Its media type, as stated by the browser.
    pub content_type: Option<MediaType>,
    /// Text by which the browser recognizes the file when the user selects it again.
    pub fingerprint: Fingerprint,
    /// Whether the file becomes a new version if the artifact exists.
    pub replace: bool,
}

#[derive(FromRow)]
struct ResumableUploadRow {
    id: Uuid,
    experiment_id: Uuid,
    artifact_name: String,
    filename: String,
    size: i64,
    fingerprint: String,
    replaces: bool,
    changed_at: i64,
}

/// Returns a query for [`ResumableUploadRow`]s with the clauses `rest`.
fn select_resumable_uploads_sql(rest: &str) -> AssertSqlSafe<String> {
    AssertSqlSafe(format!(
        "SELECT u.id, o.experiment_id, p.artifact_name, o.filename, p.size, p.fingerprint, p.replaces, u.changed_at
         FROM uploads u JOIN page_uploads p ON p.upload_id = u.id JOIN objects o ON o.id = u.object_id {rest}"
    ))
}

impl Tracker {
    /// Begins an upload, or resumes the user's unfinished upload of the same file under the same name.
    ///
    /// # Errors
    /// Returns [`Error::Conflict`] if the artifact exists and `replace` is not set; [`Error::Full`] if there is not enough
    /// space; [`Error::Invalid`] if the file is too large; [`Error::Forbidden`] for viewers.
    pub async fn begin_upload(&self, who: &Actor, experiment: ExperimentId, new: &NewUpload) -> Result<Upload, Error> {
        let size = i64::try_from(new.size).ok().filter(|_| new.size <= MAX_FILE_SIZE);
        let size = size.ok_or_else(|| Error::Invalid("the file exceeds the limit of 5 TiB".to_owned()))?;
        if let Some(upload) = self.find_resumable_upload(who, experiment, new, size).await? {
            let mut write = self.write().await?;
            run!(
                write.conn(),
                query("UPDATE page_uploads SET replaces = $2 WHERE upload_id = $1").bind(upload).bind(new.replace)
            )?;
            write.commit().await?;
            return self.upload_state(who, UploadId(upload)).await;
        }
        self.require_space(new.size).await?;
        let mut write = self.write().await?;
        let mut conn = write.conn();
        rights::in_experiment(&mut conn, who, experiment).await?.require(Right::WriteContent)?;
        let id = insert_resumable_upload(&mut conn, who, experiment, new, size).await?;
        write.commit().await?;
        self.upload_state(who, id).await
    }

    /// Checks that the file may be uploaded, and returns the unfinished upload that it resumes, if any.
    async fn find_resumable_upload(
        &self,
        who: &Actor,
        experiment: ExperimentId,
        new: &NewUpload,
        size: i64,
    ) -> Result<Option<Uuid>, Error> {
        let mut reader = self.read().await?;
        let mut conn = reader.conn();
        rights::in_experiment(&mut conn, who, experiment).await?.require(Right::WriteContent)?;
        if !new.replace && artifacts::find_artifact_by_name(&mut conn, experiment, &new.name).await?.is_some() {
            return Err(Error::Conflict(artifacts::artifact_name_taken(&new.name)));
        }
        Ok(sql!(conn, |c| query_scalar(
            "SELECT u.id FROM uploads u JOIN page_uploads p ON p.upload_id = u.id JOIN objects o ON o.id = u.object_id
             WHERE o.experiment_id = $1 AND o.created_by = $2 AND p.artifact_name = $3 AND p.size = $4
               AND p.fingerprint = $5
             ORDER BY u.changed_at DESC LIMIT 1"
        )
        .bind(experiment.0)
        .bind(who.user.0)
        .bind(new.name.as_str())
        .bind(size)
        .bind(new.fingerprint.as_str())
        .fetch_optional(c))?)
    }

    /// Returns the user's unfinished uploads to an experiment, the most recently changed first; at most 100.
    ///
    /// # Errors
    /// Returns [`Error::NotFound`] if the experiment does not exist or `who` may not see it.
    pub async fn uploads(&self, who: &Actor, experiment: ExperimentId) -> Result<Vec<Upload>, Error> {
        let mut reader = self.read().await?;
        let mut conn = reader.conn();
        rights::in_experiment(&mut conn, who, experiment).await?;
        let rest = "WHERE o.experiment_id = $1 AND o.created_by = $2 ORDER BY u.changed_at DESC, u.id LIMIT $3";
        let rows: Vec<ResumableUploadRow> = sql!(conn, |c| query_as(select_resumable_uploads_sql(rest))
            .bind(experiment.0)
            .bind(who.user.0)
            .bind(MAX_LISTED)
            .fetch_all(c))?;
        let mut uploads = Vec::with_capacity(rows.len());
        for row in rows {
            uploads.push(upload_with_progress(&mut conn, row).await?);
        }
        Ok(uploads)
    }

    /// Returns an upload with its progress.
    ///
    /// # Errors
    /// Returns [`Error::NotFound`] if `who` has no such unfinished upload.
    pub async fn upload_state(&self, who: &Actor, upload: UploadId) -> Result<Upload, Error> {
        let mut reader = self.read().await?;
        let mut conn = reader.conn();
        let row = load_own_upload(&mut conn, who, upload).await?;
        upload_with_progress(&mut conn, row).await
    }

    /// Stores part `number`, from 1, which must have the full part size, or the remaining size for the last part. Replaces
    /// an earlier part of the same number.
    ///
    /// # Errors
    /// Returns [`Error::NotFound`] if `who` has no such unfinished upload; [`Error::Invalid`] if the file does not have such
    /// a part, or the stream fails or has the wrong size; [`Error::Full`] if there is no space left.
    pub async fn upload_part(
        &self,
        who: &Actor,
        upload: UploadId,
        number: i64,
        body: impl Stream<Item = io::Result<Bytes>>,
    ) -> Result<(), Error> {
        let row = load_own_upload(&mut self.read().await?.conn(), who, upload).await?;
        let size = row.size.cast_unsigned();
        let (whole, count) = (part_size(size), part_count(size));
        let before =
            number.checked_sub(1).and_then(|before| u64::try_from(before).ok()).filter(|before| *before < count);
        let before = before
            .ok_or_else(|| Error::Invalid(format!("there is no part {number}; this file has parts 1 to {count}")))?;
        let expected = whole.min(size - before * whole);
        self.store_part(upload, number, (expected, true), body).await.map(|_| ())
    }

    /// Finishes an upload: the file becomes the artifact's newest version. `sha256` is the hash computed by the client. If the
    /// upload is already finished, returns its artifact.
    ///
    /// # Errors
    /// Returns [`Error::Invalid`] if parts are missing, or if the hash differs, in which case the upload is deleted;
    /// [`Error::Conflict`] if another artifact took the name meanwhile; [`Error::NotFound`] if `who` has no such upload.
    pub async fn finish_upload(&self, who: &Actor, upload: UploadId, sha256: &Sha256Hash) -> Result<Artifact, Error> {
        let mut reader = self.read().await?;
        let own = match load_own_upload(&mut reader.conn(), who, upload).await {
            // The upload may be finished, and only the response was lost.
            Err(Error::NotFound(_)) => return self.finished_artifact(who, upload).await,
            own => own?,
        };
        let row = parts::find_upload(&mut reader.conn(), upload, "").await?.ok_or(Error::NotFound("upload"))?;
        let received = parts::list_parts(&mut reader.conn(), upload).await?;
        drop(reader);
        let count = part_count(own.size.cast_unsigned());
        if let Some(missing) =
            (1..=count).find(|number| !received.iter().any(|part| part.number.cast_unsigned() == *number))
        {
            return Err(Error::Invalid(format!(
                "part {missing} of {count} has not arrived; send it, then finish the upload"
            )));
        }
        let blob = self.hash_parts(&row, &received).await?;
        if blob.sha256 != sha256.0 {
            self.discard_upload(upload).await?;
            return Err(Error::Invalid(
                "the received data does not match the file's SHA-256 and was deleted; upload the file again".to_owned(),
            ));
        }
        let experiment = ExperimentId(own.experiment_id);
        let name = ArtifactName::from_stored(own.artifact_name);
        let mut write = self.write().await?;
        let access = rights::in_experiment(&mut write.conn(), who, experiment).await?;
        access.require(Right::WriteContent)?;
        let orphaned = self.assemble_parts(&mut write, upload, &received, &blob).await?;
        let version = NewVersion {
            object: ObjectId(row.object_id),
            filename: FileName::from_stored(&own.filename),
            large: false,
            origin: Origin::Upload,
        };
        let id = artifacts::store_version(&mut write, who, access.location, experiment, &name, &version, own.replaces)
            .await?;
        write.commit().await?;
        self.delete_orphaned(&orphaned).await;
        self.artifact(who, id).await
    }

    async fn finished_artifact(&self, who: &Actor, upload: UploadId) -> Result<Artifact, Error> {
        let id = artifacts::find_artifact_by_object(&mut self.read().await?.conn(), ObjectId(upload.0)).await?;
        let id = id.ok_or(Error::NotFound("upload"))?;
        self.artifact(who, id).await.map_err(|error| match error {
            Error::NotFound(_) => Error::NotFound("upload"),
            other => other,
        })
    }

    /// Cancels an upload and deletes its parts. Does nothing if `who` has no such unfinished upload.
    ///
    /// # Errors
    /// Returns [`Error::Forbidden`] for viewers; [`Error::Unexpected`] if the database fails.
    pub async fn cancel_upload(&self, who: &Actor, upload: UploadId) -> Result<(), Error> {
        let found = load_own_upload(&mut self.read().await?.conn(), who, upload).await;
        match found {
            Ok(_) => self.discard_upload(upload).await,
            Err(Error::NotFound(_)) => Ok(()),
            Err(error) => Err(error),
        }
    }
}

async fn insert_resumable_upload(
    conn: &mut Conn<'_>,
    who: &Actor,
    experiment: ExperimentId,
    new: &NewUpload,
    size: i64,
) -> Result<UploadId, Error> {
    let count: i64 = sql!(*conn, |c| query_scalar(
        "SELECT COUNT(*) FROM uploads u JOIN objects o ON o.id = u.object_id
         WHERE o.experiment_id = $1 AND o.created_by = $2"
    )
    .bind(experiment.0)
    .bind(who.user.0)
    .fetch_one(c))?;
    if count >= MAX_OPEN_UPLOADS {
        return Err(Error::Invalid(format!(
            "you have {MAX_OPEN_UPLOADS} unfinished uploads in this experiment; finish or cancel some first"
        )));
    }
    let id = Uuid::now_v7();
    let object = NewObject { purpose: Purpose::Artifact, experiment, filename: new.filename.clone() };
    insert_object(conn, who, ObjectId(id), &object).await?;
    parts::insert_upload(conn, UploadId(id), ObjectId(id), new.content_type.as_ref()).await?;
    run!(
        *conn,
        query(
            "INSERT INTO page_uploads (upload_id, artifact_name, replaces, size, fingerprint) VALUES ($1, $2, $3, $4, $5)"
        )
        .bind(id)
        .bind(new.name.as_str())
        .bind(new.replace)
        .bind(size)
        .bind(new.fingerprint.as_str())
    )?;
    Ok(UploadId(id))
}

/// Returns an unfinished upload that `who` began.
///
/// # Errors
/// Returns [`Error::NotFound`] if `who` has no such upload or may no longer see the experiment; [`Error::Forbidden`] if
/// `who` may no longer write there.
async fn load_own_upload(conn: &mut Conn<'_>, who: &Actor, upload: UploadId) -> Result<ResumableUploadRow, Error> {
    let row: Option<ResumableUploadRow> =
        sql!(*conn, |c| query_as(select_resumable_uploads_sql("WHERE u.id = $1 AND o.created_by = $2"))
            .bind(upload.0)
            .bind(who.user.0)
            .fetch_optional(c))?;
    let row = row.ok_or(Error::NotFound("upload"))?;
    match rights::in_experiment(conn, who, ExperimentId(row.experiment_id)).await {
        Ok(access) => access.require(Right::WriteContent)?,
        Err(Error::NotFound(_)) => return Err(Error::NotFound("upload")),
        Err(error) => return Err(error),
    }
    Ok(row)
}

/// Converts a row. The progress counts the parts that arrived without a gap.
async fn upload_with_progress(conn: &mut Conn<'_>, row: ResumableUploadRow) -> Result<Upload, Error> {
    let numbers: Vec<i64> =
        sql!(*conn, |c| query_scalar("SELECT number FROM upload_parts WHERE upload_id = $1 ORDER BY number")
            .bind(row.id)
            .fetch_all(c))?;
    let in_order = (1i64..).zip(&numbers).take_while(|(expected, number)| expected == *number).count() as u64;
    let size = row.size.cast_unsigned();
    Ok(Upload {
        id: UploadId(row.id),
        experiment: ExperimentId(row.experiment_id),
        name: ArtifactName::from_stored(row.artifact_name),
        filename: FileName::from_stored(&row.filename),
        size,
        part_size: part_size(size),
        received: size.min(in_order * part_size(size)),
        fingerprint: Fingerprint::from_stored(row.fingerprint),
        changed_at: Instant(row.changed_at),
    })
}
