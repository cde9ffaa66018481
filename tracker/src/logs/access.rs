//! Who may log where, looked up twice a second and not for each point.

use std::time::Instant;

use domain::{
    ids::{ExperimentId, LogId, UserId},
    live::Location,
    people::Right,
};
use sqlx::query_scalar;
use uuid::Uuid;

use crate::{Actor, Credential, Error, Tracker, db::sql, rights, ttl_cache::TtlCache};

/// What to do when a log of that name is there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IfExists {
    /// Append to a line, replace anything else.
    Continue,
    /// Refuse.
    Refuse,
}

/// Who was found to be allowed to log where.
pub(crate) struct LogAccessCache {
    experiments: TtlCache<(UserId, Uuid, ExperimentId), Location>,
    logs: TtlCache<LogId, ExperimentId>,
}

impl LogAccessCache {
    pub(crate) fn new() -> Self {
        Self { experiments: TtlCache::new(), logs: TtlCache::new() }
    }
}

impl Tracker {
    /// Where `experiment` is, if `who` may log to it.
    pub(super) async fn require_log_access(&self, who: &Actor, experiment: ExperimentId) -> Result<Location, Error> {
        let credential = match who.credential {
            Credential::Session(id) => id.0,
            Credential::Token { id, .. } => id.0,
        };
        let question = (who.user, credential, experiment);
        if let Some(location) = self.log_access_cache().experiments.get(&question) {
            return Ok(location);
        }
        let asked = Instant::now();
        let mut reader = self.read().await?;
        let access = rights::in_experiment(&mut reader.conn(), who, experiment).await?;
        access.require(Right::WriteContent)?;
        self.log_access_cache().experiments.insert(question, asked, access.location);
        Ok(access.location)
    }

    /// The experiment that a log belongs to. Whether `who` may know of it is the next question.
    pub(super) async fn experiment_of_log(&self, log: LogId) -> Result<ExperimentId, Error> {
        if let Some(experiment) = self.log_access_cache().logs.get(&log) {
            return Ok(experiment);
        }
        let asked = Instant::now();
        let mut reader = self.read().await?;
        let mut conn = reader.conn();
        let experiment: Option<Uuid> =
            sql!(conn, |c| query_scalar("SELECT experiment_id FROM logs WHERE id = $1").bind(log.0).fetch_optional(c))?;
        let experiment = ExperimentId(experiment.ok_or(Error::NotFound("log"))?);
        self.log_access_cache().logs.insert(log, asked, experiment);
        Ok(experiment)
    }
}

/// What one may not see of an experiment, one may not see of its logs: the refusal speaks of the log that was asked for.
pub(super) fn as_log_error(error: Error) -> Error {
    match error {
        Error::NotFound(_) => Error::NotFound("log"),
        other => other,
    }
}
