//! Stores the status and the times of experiments, and records when scripts write to them.

use std::{
    sync::Arc,
    time::{Duration, Instant as MonotonicInstant},
};

use domain::{
    Instant,
    experiments::{Lifecycle, RunTimes},
    ids::ExperimentId,
    live::{ChangeKind, Location},
};
use sqlx::FromRow;

use crate::{
    Actor, Error, Tracker, clock,
    db::{Conn, Write, run, sql},
    ttl_cache::TtlCache,
};

/// Minimum time between two recorded writes of an experiment. It keeps the record cheap for scripts that log thousands of
/// times per second, and is short compared with the 10 minutes after which an experiment counts as silent.
const RECORDING_INTERVAL: Duration = Duration::from_secs(5);

/// The columns of [`RunTimes`].
#[derive(FromRow)]
pub(super) struct RunTimesRow {
    started_at: Option<i64>,
    ended_at: Option<i64>,
    last_news_at: Option<i64>,
    longest_pause: i64,
}

impl From<RunTimesRow> for RunTimes {
    fn from(row: RunTimesRow) -> Self {
        Self {
            started_at: row.started_at.map(Instant),
            ended_at: row.ended_at.map(Instant),
            last_news_at: row.last_news_at.map(Instant),
            longest_pause: row.longest_pause,
        }
    }
}

#[derive(FromRow)]
struct LifecycleRow {
    status: String,
    status_set: bool,
    #[sqlx(flatten)]
    times: RunTimesRow,
}

/// Returns the lifecycle of an experiment and locks it until the transaction ends. `None` if the experiment does not exist.
async fn lock_lifecycle(conn: &mut Conn<'_>, id: ExperimentId) -> Result<Option<Lifecycle>, Error> {
    // On PostgreSQL, inserted logs hold a key-share lock on their experiment, which this lock does not wait for.
    let lock = if conn.for_update().is_empty() { "" } else { " FOR NO KEY UPDATE" };
    let statement = format!(
        "SELECT status, status_set, started_at, ended_at, last_news_at, longest_pause FROM experiments WHERE id = $1{lock}"
    );
    let row: Option<LifecycleRow> =
        sql!(*conn, |c| sqlx::query_as(sqlx::AssertSqlSafe(statement.as_str())).bind(id.0).fetch_optional(c))?;
    row.map(|row| {
        let status = row.status.parse().map_err(Error::unexpected)?;
        Ok(Lifecycle { status, is_explicit: row.status_set, times: row.times.into() })
    })
    .transpose()
}

/// Applies `transition` to the lifecycle of the experiment at `location`. Records a change if the status changes or a silence
/// ends. Returns whether the experiment exists.
pub(super) async fn update_lifecycle(
    write: &mut Write,
    location: Location,
    transition: impl FnOnce(Lifecycle, Instant) -> Lifecycle,
) -> Result<bool, Error> {
    let mut conn = write.conn();
    let Some(id) = location.experiment else { return Ok(false) };
    let Some(before) = lock_lifecycle(&mut conn, id).await? else { return Ok(false) };
    let now = clock::now();
    let after = transition(before, now);
    let status_changed = after.status != before.status;
    run!(
        conn,
        sqlx::query(
            "UPDATE experiments
             SET status = $2, status_set = $3, started_at = $4, ended_at = $5, last_news_at = $6, longest_pause = $7,
                 updated_at = COALESCE($8, updated_at)
             WHERE id = $1"
        )
        .bind(id.0)
        .bind(after.status.as_str())
        .bind(after.is_explicit)
        .bind(after.times.started_at.map(|at| at.0))
        .bind(after.times.ended_at.map(|at| at.0))
        .bind(after.times.last_news_at.map(|at| at.0))
        .bind(after.times.longest_pause)
        .bind(status_changed.then_some(now.0))
    )?;
    if status_changed || before.times.silence(before.status, now).is_some() {
        write.record_change(location, ChangeKind::Updated);
    }
    Ok(true)
}

/// Records writes of scripts, at most one per experiment and [`RECORDING_INTERVAL`]. Cheap to clone; clones share their state.
#[derive(Clone)]
pub(crate) struct WriteRecorder {
    recent: Arc<TtlCache<ExperimentId, ()>>,
}

impl WriteRecorder {
    pub(crate) fn new() -> Self {
        Self { recent: Arc::new(TtlCache::with_ttl(RECORDING_INTERVAL)) }
    }

    /// Records in `write` that a script wrote to the experiment at `location`. Does nothing if a write was recorded recently:
    /// the experiment is then no longer `WAITING`, unless that was set explicitly.
    pub(crate) async fn record(&self, write: &mut Write, location: Location) -> Result<(), Error> {
        let Some(id) = location.experiment.filter(|id| self.recent.get(id).is_none()) else { return Ok(()) };
        let since = MonotonicInstant::now();
        if update_lifecycle(write, location, Lifecycle::after_write).await? {
            let recent = self.recent.clone();
            write.after_commit(move || recent.insert(id, since, ()));
        }
        Ok(())
    }
}

impl Tracker {
    /// Records in `write` that `who` wrote to the experiment at `location`, if `who` is a script: changes made on the page do
    /// not start an experiment.
    pub(crate) async fn record_write(&self, write: &mut Write, who: &Actor, location: Location) -> Result<(), Error> {
        if who.is_script() { self.write_recorder().record(write, location).await } else { Ok(()) }
    }
}
