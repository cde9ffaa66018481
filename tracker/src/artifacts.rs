//! Artifacts: the files of an experiment under names that stay, with every file that was stored under them.

mod archive;
mod delete;
mod edit;
mod find;
mod read;
mod row;
mod store;
mod whole;

pub use edit::ArtifactEdit;
pub use read::ArtifactHead;
pub use store::NewArtifact;

pub(crate) use find::{find_by_name, find_by_object};
pub(crate) use store::{NewVersion, name_taken, store};

use domain::ids::{ArtifactId, ExperimentId};
use sqlx::query_scalar;
use uuid::Uuid;

use crate::{
    Actor, Error,
    db::{Conn, sql},
    rights::{self, Access},
};

/// The experiment that an artifact belongs to, and what `who` may do there.
async fn access(conn: &mut Conn<'_>, who: &Actor, artifact: ArtifactId) -> Result<(ExperimentId, Access), Error> {
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
