//! Files that arrive whole and become artifacts at once.

use std::io;

use bytes::Bytes;
use domain::{
    artifacts::{Artifact, ArtifactName, Origin},
    files::{FileName, Purpose},
    ids::{ExperimentId, ObjectId},
    people::Right,
};
use futures_util::Stream;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::{
    find::{find_by_name, load},
    store::{NewVersion, name_taken, store},
};
use crate::{
    Actor, Error, Tracker, UPLOAD_LIMIT,
    objects::{Kept, NewObject, give, insert_object, no_longer_stray},
    rights,
};

impl Tracker {
    /// Refuses those who may not store artifacts in an experiment.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such experiment for `who`; [`Error::Forbidden`] for viewers.
    pub async fn may_store(&self, who: &Actor, experiment: ExperimentId) -> Result<(), Error> {
        let mut reader = self.read().await?;
        rights::in_experiment(&mut reader.conn(), who, experiment).await?.require(Right::WriteContent)
    }

    /// Stores a file that somebody sends under its own name; if `replace`, as the newest version of the artifact that has
    /// the name already.
    ///
    /// # Errors
    /// [`Error::Conflict`] when there is an artifact of that name and it is not to be replaced; [`Error::Invalid`] when the
    /// name is none, or the stream breaks off or has more than 5 GiB; [`Error::Full`] when there is no room;
    /// [`Error::Forbidden`] for viewers.
    pub async fn store_whole(
        &self,
        who: &Actor,
        experiment: ExperimentId,
        filename: &str,
        content_type: Option<&str>,
        replace: bool,
        body: impl Stream<Item = io::Result<Bytes>>,
    ) -> Result<Artifact, Error> {
        self.may_store(who, experiment).await?;
        let filename = FileName::parse(filename)?;
        let name = ArtifactName::parse(filename.as_str())?;
        if !replace && find_by_name(&mut self.read().await?.conn(), experiment, &name).await?.is_some() {
            return Err(Error::Conflict(name_taken(&name)));
        }
        let mut hash = Sha256::new();
        let (key, size) = self.keep_bytes(UPLOAD_LIMIT, Some(&mut hash), body).await?;
        let kept = Kept { sha256: hash.finalize().into(), size: size.cast_signed(), key, segments: Vec::new() };
        let stored = self.store_kept(who, experiment, &name, filename, content_type, replace, &kept).await;
        // What became nobody's goes at once.
        if !matches!(stored, Ok((_, true))) {
            self.drop_bytes(std::slice::from_ref(&kept.key)).await;
        }
        stored.map(|(artifact, _)| artifact)
    }

    /// Gives the artifact, and whether its bytes are new here.
    #[expect(clippy::too_many_arguments, reason = "it is the second half of `store_whole`")]
    async fn store_kept(
        &self,
        who: &Actor,
        experiment: ExperimentId,
        name: &ArtifactName,
        filename: FileName,
        content_type: Option<&str>,
        replace: bool,
        kept: &Kept,
    ) -> Result<(Artifact, bool), Error> {
        let mut write = self.write().await?;
        let mut conn = write.conn();
        let access = rights::in_experiment(&mut conn, who, experiment).await?;
        access.require(Right::WriteContent)?;
        let object = ObjectId(Uuid::now_v7());
        let new = NewObject { purpose: Purpose::Artifact, experiment, filename: filename.clone() };
        insert_object(&mut conn, who, object, &new).await?;
        let needed = give(&mut conn, object, content_type, kept).await?;
        if needed {
            no_longer_stray(&mut conn, &kept.key).await?;
        }
        let version = NewVersion { object, filename, large: false, origin: Origin::Upload };
        let id = store(&mut write, who, access.location, experiment, name, &version, replace).await?;
        let artifact = load(&mut write.conn(), id).await?;
        write.commit().await?;
        Ok((artifact, needed))
    }
}
