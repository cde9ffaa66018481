//! Coalesces log changes, so that pages receive at most ten updates per second and experiment.

use std::{
    collections::HashMap,
    mem,
    sync::{Arc, Mutex, PoisonError, Weak},
    time::Duration,
};

use domain::{
    ids::ExperimentId,
    live::{Change, ChangeKind, Location, LogChange, LogChangeKind},
    logs::Points,
};
use tokio::sync::Notify;

use super::{Hub, notification::NOTIFY_CHANNEL};
use crate::{
    Error,
    db::{Db, run},
};

/// Interval between two updates.
const INTERVAL: Duration = Duration::from_millis(100);
/// Maximum number of points in an update. Pages request points that are not included.
const MAX_POINTS: usize = 2_000;
/// Maximum number of pending changes. Beyond it, only the last change of each log is kept.
const MAX_CHANGES: usize = 2_000;
/// Maximum size of a notification, in bytes. PostgreSQL accepts less than 8,000.
const MAX_NOTIFICATION_BYTES: usize = 7_900;

/// Collects log changes and broadcasts them through the hub. Cheap to clone.
#[derive(Clone)]
pub(super) struct LogCoalescer {
    shared: Arc<Shared>,
}

struct Shared {
    pending: Mutex<HashMap<ExperimentId, (Location, Vec<LogChange>)>>,
    wake: Arc<Notify>,
}

impl LogCoalescer {
    /// Starts the background task. It ends when the last clone is dropped.
    pub(super) fn start(db: &Db, hub: &Hub) -> Self {
        let wake = Arc::new(Notify::new());
        let shared = Arc::new(Shared { pending: Mutex::default(), wake: Arc::clone(&wake) });
        tokio::spawn(broadcast_pending(Arc::downgrade(&shared), wake, db.clone(), hub.clone()));
        Self { shared }
    }

    /// Adds a committed change of a log of the experiment at `location`.
    pub(super) fn add(&self, location: Location, change: LogChange) {
        let Some(experiment) = location.experiment else { return };
        let mut pending = self.shared.pending.lock().unwrap_or_else(PoisonError::into_inner);
        let (_, changes) = pending.entry(experiment).or_insert_with(|| (location, Vec::new()));
        coalesce(changes, change);
        drop(pending);
        self.shared.wake.notify_one();
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        // Wakes the task, which then ends.
        self.wake.notify_one();
    }
}

/// Adds a change to pending ones. Consecutive appends to the same line become one change.
fn coalesce(changes: &mut Vec<LogChange>, change: LogChange) {
    let earlier = changes.iter_mut().rev().take(64).find(|earlier| earlier.log == change.log);
    if let (Some(earlier), LogChangeKind::Appended { from, count, points }) = (earlier, &change.change)
        && let LogChangeKind::Appended { count: earlier_count, points: before, .. } = &mut earlier.change
        && *earlier_count == *from
    {
        let complete = before.len() as u64 + points.len() as u64;
        *earlier_count = *count;
        if before.is_empty() || points.is_empty() || complete > MAX_POINTS as u64 {
            *before = Points::default();
        } else {
            before.append(points);
        }
        return;
    }
    changes.push(change);
    if changes.len() > MAX_CHANGES {
        keep_last_per_log(changes);
    }
}

fn keep_last_per_log(changes: &mut Vec<LogChange>) {
    let mut seen = std::collections::HashSet::new();
    changes.reverse();
    changes.retain(|change| seen.insert(change.log));
    changes.reverse();
    changes.iter_mut().for_each(clear_points);
}

fn clear_points(change: &mut LogChange) {
    if let LogChangeKind::Appended { points, .. } = &mut change.change {
        *points = Points::default();
    }
}

async fn broadcast_pending(shared: Weak<Shared>, wake: Arc<Notify>, db: Db, hub: Hub) {
    loop {
        wake.notified().await;
        let Some(shared) = shared.upgrade() else { return };
        let pending = mem::take(&mut *shared.pending.lock().unwrap_or_else(PoisonError::into_inner));
        drop(shared);
        for (location, mut changes) in pending.into_values() {
            let points: usize = changes.iter().map(point_count).sum();
            if points > MAX_POINTS {
                changes.iter_mut().for_each(clear_points);
            }
            let change = Change { location, kind: ChangeKind::Logged(changes) };
            if let Err(error) = notify_log_changes(&db, &hub, &change).await
                && !db.is_closed()
            {
                tracing::warn!("cannot notify other servers of log changes: {error}");
            }
            hub.broadcast(change);
        }
        tokio::time::sleep(INTERVAL).await;
    }
}

fn point_count(change: &LogChange) -> usize {
    match &change.change {
        LogChangeKind::Appended { points, .. } => points.len(),
        LogChangeKind::Replaced { .. } | LogChangeKind::Deleted => 0,
    }
}

/// Sends a change in as many notifications as necessary, without points where they would exceed the size of one.
async fn notify_log_changes(db: &Db, hub: &Hub, change: &Change) -> Result<(), Error> {
    let (Db::Postgres(pool), ChangeKind::Logged(changes)) = (db, &change.kind) else { return Ok(()) };
    let encode = |changes: Vec<LogChange>| {
        hub.encode_notification(&[Change { location: change.location, kind: ChangeKind::Logged(changes) }], false)
    };
    let mut payloads = Vec::new();
    for chunk in changes.chunks(20) {
        let payload = encode(chunk.to_vec())?;
        if payload.len() <= MAX_NOTIFICATION_BYTES {
            payloads.push(payload);
            continue;
        }
        let mut without_points = chunk.to_vec();
        without_points.iter_mut().for_each(clear_points);
        payloads.push(encode(without_points)?);
    }
    let mut connection = pool.acquire().await?;
    let mut conn = crate::db::Conn::Postgres(&mut connection);
    for payload in payloads {
        run!(conn, sqlx::query("SELECT pg_notify($1, $2)").bind(NOTIFY_CHANNEL).bind(payload.as_str()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use domain::{
        ids::LogId,
        logs::{Kind, Reading, Step},
    };
    use uuid::Uuid;

    use super::*;

    fn appended(log: u128, from: u64, values: &[f64]) -> LogChange {
        let mut points = Points::default();
        values.iter().for_each(|value| points.push(Step::default(), 0, Reading(*value)));
        let count = from + values.len() as u64;
        let change = LogChangeKind::Appended { from, count, points };
        LogChange { log: LogId(Uuid::from_u128(log)), kind: Kind::Line, change }
    }

    #[test]
    fn consecutive_appends_become_one_change() {
        let mut changes = Vec::new();
        for change in
            [appended(1, 0, &[1.0]), appended(2, 5, &[9.0]), appended(1, 1, &[2.0, 3.0]), appended(2, 7, &[8.0])]
        {
            coalesce(&mut changes, change);
        }
        let expected = [appended(1, 0, &[1.0, 2.0, 3.0]), appended(2, 5, &[9.0]), appended(2, 7, &[8.0])];
        assert_eq!(changes, expected, "the second line has a gap, so it keeps two changes");
    }

    #[test]
    fn omits_points_above_the_limit() {
        let mut changes = vec![appended(1, 0, &[0.0; MAX_POINTS])];
        coalesce(&mut changes, appended(1, MAX_POINTS as u64, &[1.0]));
        coalesce(&mut changes, appended(1, MAX_POINTS as u64 + 1, &[1.0]));
        let [LogChange { change: LogChangeKind::Appended { from: 0, count, points }, .. }] = &changes[..] else {
            panic!("{changes:?}")
        };
        assert_eq!((*count, points.len()), (MAX_POINTS as u64 + 2, 0));
    }
}
