//! What is logged is told at most ten times a second for each experiment, however fast it comes.

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

use super::Hub;
use crate::{
    Error,
    db::{Db, run},
};

/// The pause between two tellings.
const PAUSE: Duration = Duration::from_millis(100);
/// As many points are told along with one telling; the rest is asked for.
const MOST_POINTS: usize = 2_000;
/// After as many changes only the last of each log is kept.
const MOST_CHANGES: usize = 2_000;
/// PostgreSQL takes 8,000 bytes in a notification.
const LETTER: usize = 7_900;

/// Gathers what was logged and lets the hub tell it. Cheap to clone.
#[derive(Clone)]
pub(super) struct Gatherer {
    shared: Arc<Shared>,
}

struct Shared {
    waiting: Mutex<HashMap<ExperimentId, (Location, Vec<LogChange>)>>,
    something: Arc<Notify>,
}

impl Gatherer {
    /// Begins to gather; ends when the last clone is gone.
    pub(super) fn start(db: &Db, hub: &Hub) -> Self {
        let something = Arc::new(Notify::new());
        let shared = Arc::new(Shared { waiting: Mutex::default(), something: Arc::clone(&something) });
        tokio::spawn(tell(Arc::downgrade(&shared), something, db.clone(), hub.clone()));
        Self { shared }
    }

    /// Takes a committed change to a log of the experiment that `place` is in.
    pub(super) fn logged(&self, location: Location, change: LogChange) {
        let Some(experiment) = location.experiment else { return };
        let mut waiting = self.shared.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let (_, changes) = waiting.entry(experiment).or_insert_with(|| (location, Vec::new()));
        add(changes, change);
        drop(waiting);
        self.shared.something.notify_one();
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        // Wakes the task, to find that nobody is left.
        self.something.notify_one();
    }
}

/// Puts a change behind others. What is appended to one line in a row becomes one change.
fn add(changes: &mut Vec<LogChange>, change: LogChange) {
    let earlier = changes.iter_mut().rev().take(64).find(|earlier| earlier.log == change.log);
    if let (Some(earlier), LogChangeKind::Appended { from, count, points }) = (earlier, &change.change)
        && let LogChangeKind::Appended { count: told, points: before, .. } = &mut earlier.change
        && *told == *from
    {
        let complete = before.len() as u64 + points.len() as u64;
        *told = *count;
        if before.is_empty() || points.is_empty() || complete > MOST_POINTS as u64 {
            *before = Points::default();
        } else {
            before.append(points);
        }
        return;
    }
    changes.push(change);
    if changes.len() > MOST_CHANGES {
        keep_the_last_of_each(changes);
    }
}

fn keep_the_last_of_each(changes: &mut Vec<LogChange>) {
    let mut seen = std::collections::HashSet::new();
    changes.reverse();
    changes.retain(|change| seen.insert(change.log));
    changes.reverse();
    changes.iter_mut().for_each(forget_points);
}

fn forget_points(change: &mut LogChange) {
    if let LogChangeKind::Appended { points, .. } = &mut change.change {
        *points = Points::default();
    }
}

async fn tell(shared: Weak<Shared>, something: Arc<Notify>, db: Db, hub: Hub) {
    loop {
        something.notified().await;
        let Some(shared) = shared.upgrade() else { return };
        let waiting = mem::take(&mut *shared.waiting.lock().unwrap_or_else(PoisonError::into_inner));
        drop(shared);
        for (location, mut changes) in waiting.into_values() {
            let points: usize = changes.iter().map(points_of).sum();
            if points > MOST_POINTS {
                changes.iter_mut().for_each(forget_points);
            }
            let change = Change { location, kind: ChangeKind::Logged(changes) };
            if let Err(error) = tell_other_servers(&db, &hub, &change).await
                && !db.is_closed()
            {
                tracing::warn!("other servers were not told what was logged: {error}");
            }
            hub.announce(change);
        }
        tokio::time::sleep(PAUSE).await;
    }
}

fn points_of(change: &LogChange) -> usize {
    match &change.change {
        LogChangeKind::Appended { points, .. } => points.len(),
        LogChangeKind::Replaced { .. } | LogChangeKind::Deleted => 0,
    }
}

/// Sends the change in as many letters as it takes, without its points where they are too many for one.
async fn tell_other_servers(db: &Db, hub: &Hub, change: &Change) -> Result<(), Error> {
    let (Db::Postgres(pool), ChangeKind::Logged(changes)) = (db, &change.kind) else { return Ok(()) };
    let mut letters = Vec::new();
    for some in changes.chunks(20) {
        let letter = hub.letter(&[Change { location: change.location, kind: ChangeKind::Logged(some.to_vec()) }])?;
        if letter.len() <= LETTER {
            letters.push(letter);
            continue;
        }
        let mut short = some.to_vec();
        short.iter_mut().for_each(forget_points);
        letters.push(hub.letter(&[Change { location: change.location, kind: ChangeKind::Logged(short) }])?);
    }
    let mut connection = pool.acquire().await?;
    let mut conn = crate::db::Conn::Postgres(&mut connection);
    for letter in letters {
        run!(conn, sqlx::query("SELECT pg_notify('groundglass', $1)").bind(letter.as_str()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use domain::{
        ids::LogId,
        logs::{Kind, Reading},
    };
    use uuid::Uuid;

    use super::*;

    fn appended(log: u128, from: u64, values: &[f64]) -> LogChange {
        let mut points = Points::default();
        values.iter().for_each(|value| points.push(0, 0, Reading(*value)));
        let count = from + values.len() as u64;
        let change = LogChangeKind::Appended { from, count, points };
        LogChange { log: LogId(Uuid::from_u128(log)), kind: Kind::Line, change }
    }

    #[test]
    fn what_follows_on_becomes_one_change() {
        let mut changes = Vec::new();
        for change in
            [appended(1, 0, &[1.0]), appended(2, 5, &[9.0]), appended(1, 1, &[2.0, 3.0]), appended(2, 7, &[8.0])]
        {
            add(&mut changes, change);
        }
        let expected = [appended(1, 0, &[1.0, 2.0, 3.0]), appended(2, 5, &[9.0]), appended(2, 7, &[8.0])];
        assert_eq!(changes, expected, "the second line missed a point, so it is told in two pieces");
    }

    #[test]
    fn too_many_points_are_left_to_be_asked_for() {
        let mut changes = vec![appended(1, 0, &[0.0; MOST_POINTS])];
        add(&mut changes, appended(1, MOST_POINTS as u64, &[1.0]));
        add(&mut changes, appended(1, MOST_POINTS as u64 + 1, &[1.0]));
        let [LogChange { change: LogChangeKind::Appended { from: 0, count, points }, .. }] = &changes[..] else {
            panic!("{changes:?}")
        };
        assert_eq!((*count, points.len()), (MOST_POINTS as u64 + 2, 0));
    }
}
