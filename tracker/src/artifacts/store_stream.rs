//! Stores a file sent in one request as an artifact.

use std::io;

use bytes::Bytes;
use domain::{
    artifacts::{Artifact, ArtifactName, Origin},
    files::{FileName, MediaType, Purpose},
    ids::{ExperimentId, ObjectId},
    people::Right,
};
use futures_util::Stream;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::{
    find::{find_artifact_by_name, load_artifact},
    store::{NewVersion, artifact_name_taken, store_version},
};
use crate::{
    Actor, Error, Tracker, UPLOAD_LIMIT,
    objects::{NewObject, StoredBlob, attach_blob, insert_object, unmark_orphaned},
    rights,
};

impl Tracker {
    /// Checks that `who` may store artifacts in an experiment.
    ///
    /// # Errors
    /// Returns [`Error::NotFound`] if the experiment does not exist or `who` may not see it; [`Error::Forbidden`] for
    /// viewers.
    pub async fn require_write_access(&self, who: &Actor, experiment: ExperimentId) -> Result<(), Error> {
        let mut reader = self.read().await?;
        rights::in_experiment(&mut reader.conn(), who, experiment).await?.require(Right::WriteContent)
    }

    /// Stores a file as an artifact named like the file or, if `replace` is set, as the newest version of the existing one.
    ///
    /// # Errors
    /// Returns [`Error::Conflict`] if the artifact exists and `replace` is not set; [`Error::Invalid`] if the name is
    /// invalid, or the stream fails or exceeds 5 GiB; [`Error::Full`] if there is no space left; [`Error::Forbidden`] for
    /// viewers.
    pub async fn store_stream(
        &self,
        who: &Actor,
        experiment: ExperimentId,
        filename: &str,
        content_type: Option<&MediaType>,
        replace: bool,
        body: impl Stream<Item = io::Result<Bytes>>,
    ) -> Result<Artifact, Error> {
        self.require_write_access(who, experiment).await?;
        let filename = FileName::parse(filename)?;
        let name = ArtifactName::parse(filename.as_str())?;
        if !replace && find_artifact_by_name(&mut self.read().await?.conn(), experiment, &name).await?.is_some() {
            return Err(Error::Conflict(artifact_name_taken(&name)));
        }
        let mut hash = Sha256::new();
        let (key, size) = self.store_blob(UPLOAD_LIMIT, Some(&mut hash), body).await?;
        let blob = StoredBlob { sha256: hash.finalize().into(), size: size.cast_signed(), key, segments: Vec::new() };
        let stored = self.store_blob_as_artifact(who, experiment, &name, filename, content_type, replace, &blob).await;
        // Bytes that are not needed are deleted at once.
        if !matches!(stored, Ok((_, true))) {
            self.delete_orphaned(std::slice::from_ref(&blob.key)).await;
        }
        stored.map(|(artifact, _)| artifact)
    }

    /// Returns the artifact, and whether the bytes are needed.
    #[expect(clippy::too_many_arguments, reason = "it is the second half of `store_stream`")]
    async fn store_blob_as_artifact(
        &self,
        who: &Actor,
        experiment: ExperimentId,
        name: &ArtifactName,
        filename: FileName,
        content_type: Option<&MediaType>,
        replace: bool,
        blob: &StoredBlob,
    ) -> Result<(Artifact, bool), Error> {
        let mut write = self.write().await?;
        let mut conn = write.conn();
        let access = rights::in_experiment(&mut conn, who, experiment).await?;
        access.require(Right::WriteContent)?;
        let object = ObjectId(Uuid::now_v7());
        let new = NewObject { purpose: Purpose::Artifact, experiment, filename: filename.clone() };
        insert_object(&mut conn, who, object, &new).await?;
        let needed = attach_blob(&mut conn, object, content_type, blob).await?;
        if needed {
            unmark_orphaned(&mut conn, &blob.key).await?;
        }
        let version = NewVersion { object, filename, large: false, origin: Origin::Upload };
        let id = store_version(&mut write, who, access.location, experiment, name, &version, replace).await?;
        let artifact = load_artifact(&mut write.conn(), id).await?;
        write.commit().await?;
        Ok((artifact, needed))
    }
}
