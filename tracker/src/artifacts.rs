//! Artifacts: named files of an experiment, with all stored versions of each.

mod archive;
mod delete;
mod edit;
mod find;
mod read;
mod row;
mod search;
mod store;
mod store_stream;

pub use edit::ArtifactEdit;
pub use read::ArtifactHead;
pub use search::FoundArtifacts;
pub use store::NewArtifact;

pub(crate) use find::{find_artifact_by_name, find_artifact_by_object};
pub(crate) use store::{NewVersion, artifact_name_taken, store_version};

use domain::ids::{ArtifactId, ExperimentId};
use sqlx::query_scalar;
use uuid::Uuid;

use crate::{
    Actor, Error,
    db::{Conn, sql},
    rights::{self, Access},
};

/// Returns the experiment of an artifact, and the access of `who` to it.
///
/// # Errors
/// Returns [`Error::NotFound`] if the artifact does not exist or `who` may not see it.
async fn artifact_access(
    conn: &mut Conn<'_>,
    who: &Actor,
    artifact: ArtifactId,
) -> Result<(ExperimentId, Access), Error> {
    let found: Option<Uuid> = sql!(*conn, |c| query_scalar("SELECT experiment_id FROM artifacts WHERE id = $1")
        .bind(artifact.0)
        .fetch_optional(c))?;
    let experiment = ExperimentId(found.ok_or(Error::NotFound("artifact"))?);
    match rights::in_experiment(conn, who, experiment).await {
        Ok(access) => Ok((experiment, access)),
        Err(Error::NotFound(_)) => Err(Error::NotFound("artifact")),
        Err(error) => Err(error),
    }
}
