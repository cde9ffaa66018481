//! The bytes of artifacts: tickets to download them, and their beginnings to look at.

use domain::{
    artifacts::{Artifact, ArtifactVersion},
    ids::ArtifactId,
};
use futures_util::TryStreamExt as _;

use super::{artifact_access, find::load_artifact_version};
use crate::{Actor, Error, SignedAction, SignedUrl, Tracker, objects::load_download};

/// The beginning of a file.
#[derive(Debug, Clone)]
pub struct ArtifactHead {
    /// The version that it is of.
    pub version: ArtifactVersion,
    /// Its first bytes.
    pub bytes: Vec<u8>,
}

impl Tracker {
    /// Allows whoever holds the ticket to download an artifact's file: the one that it holds, or that of a version.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such artifact for `who`, or no such version.
    pub async fn sign_artifact_download(
        &self,
        who: &Actor,
        id: ArtifactId,
        version: Option<i64>,
    ) -> Result<SignedUrl, Error> {
        let mut reader = self.read().await?;
        let mut conn = reader.conn();
        artifact_access(&mut conn, who, id).await?;
        let file = load_artifact_version(&mut conn, id, version).await?.file;
        drop(reader);
        self.sign_url(SignedAction::Download, file.object).await
    }

    /// Allows whoever holds them to download what artifacts hold that were just read: one ticket for each, in their order.
    ///
    /// # Errors
    /// [`Error::Unexpected`] when the database fails.
    pub async fn sign_artifact_downloads(&self, artifacts: &[Artifact]) -> Result<Vec<SignedUrl>, Error> {
        let objects: Vec<_> = artifacts.iter().map(|artifact| artifact.now.file.object).collect();
        self.sign_urls(SignedAction::Download, &objects).await
    }

    /// The first `limit` bytes of an artifact's file, or of all if it is shorter.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such artifact for `who`, or no such version.
    pub async fn artifact_head(
        &self,
        who: &Actor,
        id: ArtifactId,
        version: Option<i64>,
        limit: u64,
    ) -> Result<ArtifactHead, Error> {
        let mut reader = self.read().await?;
        let mut conn = reader.conn();
        artifact_access(&mut conn, who, id).await?;
        let version = load_artifact_version(&mut conn, id, version).await?;
        let download = load_download(&mut conn, version.file.object.0).await?;
        drop(reader);
        let mut stream = self.stream_download(&download, 0..limit.min(download.size)).await?;
        let mut bytes = Vec::new();
        while let Some(chunk) = stream.try_next().await.map_err(Error::unexpected)? {
            bytes.extend_from_slice(&chunk);
        }
        Ok(ArtifactHead { version, bytes })
    }
}
