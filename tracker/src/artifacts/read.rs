//! Reads artifact files: signed URLs to download them, and their first bytes for previews.

use domain::{
    artifacts::{Artifact, ArtifactVersion},
    ids::ArtifactId,
};
use futures_util::TryStreamExt as _;

use super::{artifact_access, find::load_artifact_version};
use crate::{Actor, Error, SignedAction, SignedUrl, Tracker, objects::load_download};

/// The first bytes of an artifact's file.
#[derive(Debug, Clone)]
pub struct ArtifactHead {
    /// The version of the artifact.
    pub version: ArtifactVersion,
    /// The first bytes of its file.
    pub bytes: Vec<u8>,
}

impl Tracker {
    /// Returns a signed URL to download a version of an artifact. `None` means the current version.
    ///
    /// # Errors
    /// Returns [`Error::NotFound`] if the artifact or the version does not exist or `who` may not see it.
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

    /// Returns a signed URL for the current file of each artifact, in the same order. The caller has checked the rights.
    ///
    /// # Errors
    /// Returns [`Error::Unexpected`] if the database fails.
    pub async fn sign_artifact_downloads(&self, artifacts: &[Artifact]) -> Result<Vec<SignedUrl>, Error> {
        let objects: Vec<_> = artifacts.iter().map(|artifact| artifact.now.file.object).collect();
        self.sign_urls(SignedAction::Download, &objects).await
    }

    /// Returns the first `limit` bytes of a version's file, or all bytes if it is shorter. `None` means the current version.
    ///
    /// # Errors
    /// Returns [`Error::NotFound`] if the artifact or the version does not exist or `who` may not see it.
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
