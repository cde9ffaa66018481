//! Cached rights checks for logging, at most two lookups per second instead of one per point.

use std::time::Instant;

use domain::{
    ids::{ExperimentId, LogId, UserId},
    live::Location,
    people::Right,
};
use sqlx::query_scalar;
use uuid::Uuid;

use crate::{
    Actor, Credential, Error, Tracker,
    db::sql,
    rights,
    ttl_cache::{Invalidation, TtlCache},
};

/// What to do if a log with the name exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IfExists {
    /// Append to a line, replace anything else.
    Continue,
    /// Fail with a conflict.
    Refuse,
}

/// Caches which credentials may log to which experiments.
pub(crate) struct LogAccessCache {
    experiments: TtlCache<(UserId, Uuid, ExperimentId), Location>,
    logs: TtlCache<LogId, ExperimentId>,
}

impl LogAccessCache {
    pub(crate) fn new(invalidation: &Invalidation) -> Self {
        Self { experiments: TtlCache::of_access(invalidation), logs: TtlCache::of_access(invalidation) }
    }
}

impl Tracker {
    /// Returns the location of `experiment` if `who` may log to it.
    pub(super) async fn require_log_access(&self, who: &Actor, experiment: ExperimentId) -> Result<Location, Error> {
        let credential = match who.credential {
            Credential::Session(id) => id.0,
            Credential::Token { id, .. } => id.0,
        };
        let key = (who.user, credential, experiment);
        if let Some(location) = self.log_access_cache().experiments.get(&key) {
            return Ok(location);
        }
        let queried_at = Instant::now();
        let mut reader = self.read().await?;
        let access = rights::in_experiment(&mut reader.conn(), who, experiment).await?;
        access.require(Right::WriteContent)?;
        self.log_access_cache().experiments.insert(key, queried_at, access.location);
        Ok(access.location)
    }

    /// Returns the experiment that contains a log. Does not check rights; the caller must.
    pub(super) async fn experiment_of_log(&self, log: LogId) -> Result<ExperimentId, Error> {
        if let Some(experiment) = self.log_access_cache().logs.get(&log) {
            return Ok(experiment);
        }
        let queried_at = Instant::now();
        let mut reader = self.read().await?;
        let mut conn = reader.conn();
        let experiment: Option<Uuid> =
            sql!(conn, |c| query_scalar("SELECT experiment_id FROM logs WHERE id = $1 AND parent_id IS NULL")
                .bind(log.0)
                .fetch_optional(c))?;
        let experiment = ExperimentId(experiment.ok_or(Error::NotFound("log"))?);
        self.log_access_cache().logs.insert(log, queried_at, experiment);
        Ok(experiment)
    }
}

/// Converts "no such experiment" to "no such log", because the caller asked for a log.
pub(super) fn as_log_error(error: Error) -> Error {
    match error {
        Error::NotFound(_) => Error::NotFound("log"),
        other => other,
    }
}
