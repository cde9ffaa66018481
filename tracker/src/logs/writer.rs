//! One commit serves many: what is logged to lines at the same time is committed together.
//!
//! A task takes everything that waits, writes it in one transaction, and answers each request once that is durable. While it
//! commits, the next ones gather; so the more arrives, the more a commit carries.

mod commit;
mod idempotency;
mod working_set;

pub(super) use commit::{name_taken_message, too_many_logs, type_mismatch_message};
pub(super) use working_set::MAX_LOGS;

use std::{sync::Arc, time::Duration};

use domain::{
    ids::{ExperimentId, LogId},
    live::Location,
    logs::{BatchResult, IdempotencyKey, Log, LogName, Samples},
};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot},
    time::{Instant, MissedTickBehavior},
};

use super::{IfExists, series::compact};
use crate::{Error, db::Db, live::Publisher};

/// Requests in one commit.
const MAX_REQUESTS: usize = 1_000;
/// What waits to be committed, by weight; more makes its senders wait. So a commit has at most 10,000 lines, which is what fits
/// into one statement, and memory stays bounded.
const MAX_WEIGHT: usize = 400_000;
/// The weight of a line, where that of a point is 1.
const LINE_WEIGHT: usize = 40;

/// What to append, and to which line.
pub(super) struct AppendRequest {
    pub(super) location: Location,
    pub(super) target: LineTarget,
    pub(super) samples: Samples,
}

/// A line.
pub(super) enum LineTarget {
    /// By its name; it is made when it is missing.
    ByName { experiment: ExperimentId, name: LogName, if_exists: IfExists },
    /// One that is there.
    ById(LogId),
}

/// What to log to many lines.
pub(super) struct BatchRequest {
    pub(super) location: Location,
    pub(super) experiment: ExperimentId,
    pub(super) lines: Vec<(LogName, Samples)>,
    /// The key and what tells the batch from others.
    pub(super) key: Option<(IdempotencyKey, Vec<u8>)>,
}

/// A request of somebody who may make it.
pub(super) enum WriteRequest {
    Append(AppendRequest),
    Batch(BatchRequest),
}

impl WriteRequest {
    fn weight(&self) -> usize {
        match self {
            Self::Append(append) => LINE_WEIGHT + append.samples.values.len(),
            Self::Batch(batch) => batch.lines.iter().map(|(_, samples)| LINE_WEIGHT + samples.values.len()).sum(),
        }
    }
}

/// What became of it.
pub(super) enum WriteResult {
    Log(Box<Log>),
    Batch(BatchResult),
}

struct QueuedWrite {
    request: WriteRequest,
    answer: oneshot::Sender<Result<WriteResult, Error>>,
    _room: OwnedSemaphorePermit,
}

/// The way to the task that commits. Cheap to clone; the task ends when the last is gone.
#[derive(Clone)]
pub(crate) struct LogWriter {
    jobs: mpsc::Sender<QueuedWrite>,
    room: Arc<Semaphore>,
}

impl LogWriter {
    /// Starts the tasks that commit and compact.
    pub(crate) fn start(db: &Db, publisher: &Publisher) -> Self {
        let (jobs, waiting) = mpsc::channel(MAX_REQUESTS);
        let (due, series) = mpsc::channel(MAX_REQUESTS);
        let committer = Committer { db: db.clone(), publisher: publisher.clone(), due };
        tokio::spawn(committer.run(waiting));
        tokio::spawn(run_maintenance(db.clone(), publisher.clone(), series));
        Self { jobs, room: Arc::new(Semaphore::new(MAX_WEIGHT)) }
    }

    /// Has a request committed, and waits until that is durable.
    pub(super) async fn submit(&self, request: WriteRequest) -> Result<WriteResult, Error> {
        let weight = u32::try_from(request.weight().min(MAX_WEIGHT)).unwrap_or(u32::MAX);
        let room = Arc::clone(&self.room).acquire_many_owned(weight).await.map_err(Error::unexpected)?;
        let (answer, answered) = oneshot::channel();
        let job = QueuedWrite { request, answer, _room: room };
        self.jobs.send(job).await.map_err(|_| stopped())?;
        answered.await.map_err(|_| stopped())?
    }
}

fn stopped() -> Error {
    Error::unexpected("the task that commits logs has ended")
}

struct Committer {
    db: Db,
    publisher: Publisher,
    due: mpsc::Sender<i64>,
}

impl Committer {
    async fn run(self, mut waiting: mpsc::Receiver<QueuedWrite>) {
        let mut jobs = Vec::new();
        while waiting.recv_many(&mut jobs, MAX_REQUESTS).await > 0 {
            let (requests, answers): (Vec<_>, Vec<_>) =
                jobs.drain(..).map(|job| (job.request, (job.answer, job._room))).unzip();
            match commit::commit_requests(&self.db, &self.publisher, &requests).await {
                Ok(done) => {
                    // A full queue means that compaction is busy; the next append of the series says it again.
                    for series in done.due {
                        let _ = self.due.try_send(series);
                    }
                    for ((answer, _room), result) in answers.into_iter().zip(done.answers) {
                        // Who asked may have gone.
                        drop(answer.send(result));
                    }
                }
                Err(error) => {
                    tracing::error!("a group of logs could not be committed: {error:?}");
                    let told = error.to_string();
                    answers
                        .into_iter()
                        .for_each(|(answer, _room)| drop(answer.send(Err(Error::unexpected(told.clone())))));
                }
            }
        }
    }
}

/// The chores: compacts what is due, and forgets old keys once an hour.
async fn run_maintenance(db: Db, publisher: Publisher, mut series: mpsc::Receiver<i64>) {
    // Not at once: commands open a tracker for a moment, beside a server that does this.
    let mut hourly = tokio::time::interval_at(Instant::now() + Duration::from_secs(60), Duration::from_secs(3_600));
    hourly.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut ids = Vec::new();
    loop {
        tokio::select! {
            count = series.recv_many(&mut ids, MAX_REQUESTS) => {
                if count == 0 {
                    return;
                }
                ids.sort_unstable();
                ids.dedup();
                if let Err(error) = compact::compact(&db, &publisher, &ids).await
                    && !db.is_closed()
                {
                    tracing::warn!("{} series could not be compacted now: {error:?}", ids.len());
                }
                ids.clear();
            }
            _ = hourly.tick() => {
                if let Err(error) = idempotency::delete_expired_keys(&db, &publisher).await
                    && !db.is_closed()
                {
                    tracing::warn!("old idempotency keys could not be forgotten now: {error:?}");
                }
            }
        }
    }
}
