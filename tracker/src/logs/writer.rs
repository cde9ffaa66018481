//! Group commit: concurrent requests to log to lines are committed in one transaction.
//!
//! A background task takes all queued requests, writes them in one transaction, and responds to each request once it is durable.
//! Requests queue while it commits, so that commits grow with the load.

mod commit;
mod idempotency;
mod working_set;

pub(super) use commit::{name_taken_message, type_mismatch_message};

use std::{sync::Arc, time::Duration};

use domain::{
    ids::{ExperimentId, LogId},
    live::Location,
    logs::{BatchResult, IdempotencyKey, LineSamples, Log, LogName, Samples},
};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot},
    time::{Instant, MissedTickBehavior},
};

use super::{
    IfExists,
    series::{compact, history},
};
use crate::{Error, db::Db, experiments::WriteRecorder, live::Publisher};

/// Maximum number of requests in one commit.
const MAX_REQUESTS: usize = 1_000;
/// Maximum weight of the queued requests; beyond it, senders wait. It bounds memory, and it limits a commit to 10,000 lines,
/// the number that fits into one statement.
const MAX_WEIGHT: usize = 400_000;
/// The weight of a line. The weight of a point is 1.
const LINE_WEIGHT: usize = 40;

/// Samples to append to a line.
pub(super) struct AppendRequest {
    pub(super) location: Location,
    pub(super) by_script: bool,
    pub(super) target: LineTarget,
    pub(super) samples: LineSamples,
}

/// The line to append to.
pub(super) enum LineTarget {
    /// By name; created if missing.
    ByName { experiment: ExperimentId, name: LogName, if_exists: IfExists },
    /// By id; must exist.
    ById(LogId),
}

/// Samples for many lines.
pub(super) struct BatchRequest {
    pub(super) location: Location,
    pub(super) by_script: bool,
    pub(super) experiment: ExperimentId,
    pub(super) lines: Vec<(LogName, Samples)>,
    /// The idempotency key and the digest of the batch.
    pub(super) key: Option<(IdempotencyKey, Vec<u8>)>,
}

/// A request whose rights were checked.
pub(super) enum WriteRequest {
    Append(AppendRequest),
    Batch(BatchRequest),
}

impl WriteRequest {
    /// Returns whether a script sent the request, and the location of its experiment.
    fn origin(&self) -> (bool, Location) {
        match self {
            Self::Append(AppendRequest { by_script, location, .. })
            | Self::Batch(BatchRequest { by_script, location, .. }) => (*by_script, *location),
        }
    }

    fn weight(&self) -> usize {
        match self {
            Self::Append(append) => LINE_WEIGHT * (1 + append.samples.named.len()) + append.samples.len(),
            Self::Batch(batch) => batch.lines.iter().map(|(_, samples)| LINE_WEIGHT + samples.values.len()).sum(),
        }
    }
}

/// The result of a request.
pub(super) enum WriteResult {
    Log(Box<Log>),
    Batch(BatchResult),
}

struct QueuedWrite {
    request: WriteRequest,
    response: oneshot::Sender<Result<WriteResult, Error>>,
    _permit: OwnedSemaphorePermit,
}

/// Submits requests to the background task. Cheap to clone; the task ends when the last clone is dropped.
#[derive(Clone)]
pub(crate) struct LogWriter {
    queue: mpsc::Sender<QueuedWrite>,
    capacity: Arc<Semaphore>,
}

impl LogWriter {
    /// Starts the background tasks for commits and maintenance.
    pub(crate) fn start(db: &Db, publisher: &Publisher, recorder: &WriteRecorder) -> Self {
        let (queue, queued) = mpsc::channel(MAX_REQUESTS);
        let (due, series) = mpsc::channel(MAX_REQUESTS);
        let committer = Committer { db: db.clone(), publisher: publisher.clone(), recorder: recorder.clone(), due };
        tokio::spawn(committer.run(queued));
        tokio::spawn(run_maintenance(db.clone(), publisher.clone(), series));
        tokio::spawn(complete_history(db.clone(), publisher.clone()));
        Self { queue, capacity: Arc::new(Semaphore::new(MAX_WEIGHT)) }
    }

    /// Submits a request and waits until it is durable.
    pub(super) async fn submit(&self, request: WriteRequest) -> Result<WriteResult, Error> {
        let weight = u32::try_from(request.weight().min(MAX_WEIGHT)).unwrap_or(u32::MAX);
        let permit = Arc::clone(&self.capacity).acquire_many_owned(weight).await.map_err(Error::unexpected)?;
        let (response, received) = oneshot::channel();
        let write = QueuedWrite { request, response, _permit: permit };
        self.queue.send(write).await.map_err(|_| writer_stopped())?;
        received.await.map_err(|_| writer_stopped())?
    }
}

fn writer_stopped() -> Error {
    Error::unexpected("the log writer has stopped")
}

struct Committer {
    db: Db,
    publisher: Publisher,
    recorder: WriteRecorder,
    due: mpsc::Sender<i64>,
}

impl Committer {
    async fn run(self, mut queued: mpsc::Receiver<QueuedWrite>) {
        let mut writes = Vec::new();
        while queued.recv_many(&mut writes, MAX_REQUESTS).await > 0 {
            let (requests, responses): (Vec<_>, Vec<_>) =
                writes.drain(..).map(|write| (write.request, (write.response, write._permit))).unzip();
            match commit::commit_requests(&self.db, &self.publisher, &self.recorder, &requests).await {
                Ok(committed) => {
                    // A full queue means that compaction is busy. The next append to the series queues it again.
                    for series in committed.due {
                        let _ = self.due.try_send(series);
                    }
                    for ((response, _permit), result) in responses.into_iter().zip(committed.results) {
                        // Fails only if the caller no longer waits.
                        drop(response.send(result));
                    }
                }
                Err(error) => {
                    tracing::error!("cannot commit {} log requests: {}", requests.len(), error.with_cause());
                    responses.into_iter().for_each(|(response, _permit)| drop(response.send(Err(error.duplicate()))));
                }
            }
        }
    }
}

/// Adds the extremes of lines from before these were kept, once.
async fn complete_history(db: Db, publisher: Publisher) {
    // Begins after a minute, because command-line calls open a tracker for a moment beside a server that does this.
    tokio::time::sleep(Duration::from_secs(60)).await;
    if db.is_closed() {
        return;
    }
    if let Err(error) = history::complete_extremes(&db, &publisher).await
        && !db.is_closed()
    {
        tracing::warn!(
            "cannot complete the smallest and largest values of lines, trying again at the next start: {error:?}"
        );
    }
}

/// Compacts series that are due, and deletes expired idempotency keys once an hour.
async fn run_maintenance(db: Db, publisher: Publisher, mut series: mpsc::Receiver<i64>) {
    // Begins after a minute, because command-line calls open a tracker for a moment beside a server that does this.
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
                    tracing::warn!("cannot compact {} series, trying again later: {error:?}", ids.len());
                }
                ids.clear();
            }
            _ = hourly.tick() => {
                if let Err(error) = idempotency::delete_expired_keys(&db, &publisher).await
                    && !db.is_closed()
                {
                    tracing::warn!("cannot delete expired idempotency keys, trying again later: {error:?}");
                }
            }
        }
    }
}
