//! One transaction for a group of requests. A request that is refused takes no other down, and leaves nothing behind.

use std::collections::{HashMap, HashSet};

use domain::{
    ids::{ExperimentId, LogId},
    live::Location,
    logs::{BatchResult, Kind, LogName},
};
use uuid::Uuid;

use super::{
    Answer, Append, BatchOf, Request, Target,
    keys::{self, Keys},
    ledger::{Ledger, MOST_LOGS, Named},
};
use crate::{
    Error, clock,
    db::{Conn, Db, bulk_rows},
    live::Publisher,
    logs::{IfExists, documents, series::compact},
};

/// What a group came to.
pub(super) struct Done {
    /// An answer for each request, in their order.
    pub(super) answers: Vec<Result<Answer, Error>>,
    /// Series to be compacted.
    pub(super) due: Vec<i64>,
}

/// Another server may make the same log, or use the same key, at the same time; then what it did is there at the next attempt.
const ATTEMPTS: usize = 4;

/// Commits a group. Without PostgreSQL there is one server and the first attempt counts.
pub(super) async fn commit(db: &Db, publisher: &Publisher, requests: &[Request]) -> Result<Done, Error> {
    let mut last = attempt(db, publisher, requests).await;
    for _ in 1..ATTEMPTS {
        match last {
            Err(error) if is_race(&error) => last = attempt(db, publisher, requests).await,
            settled => return settled,
        }
    }
    last
}

fn is_race(error: &Error) -> bool {
    let Error::Unexpected(cause) = error else { return false };
    let database = cause.downcast_ref::<sqlx::Error>().and_then(sqlx::Error::as_database_error);
    database.is_some_and(|database| {
        // PostgreSQL's serialization failure and deadlock.
        database.is_unique_violation() || matches!(database.code().as_deref(), Some("40001" | "40P01"))
    })
}

async fn attempt(db: &Db, publisher: &Publisher, requests: &[Request]) -> Result<Done, Error> {
    let mut write = db.write(publisher).await?;
    let mut conn = write.conn();
    let mut keys = keys::used(&mut conn, requests).await?;
    let (names, ids) = targets(requests);
    let mut ledger = Ledger::read(&mut conn, &names, &ids).await?;
    // Where a log is, its experiment is.
    let new_in = names.iter().filter(|named| ledger.named(named).is_none()).map(|(experiment, _)| *experiment);
    let known = existing(&mut conn, new_in.collect()).await?;

    let mut missing = HashSet::new();
    let mut verdicts = Vec::with_capacity(requests.len());
    for request in requests {
        let verdict = judge(request, &known, &mut keys, &ledger, &missing);
        if let Ok(Verdict::Add(new)) = &verdict {
            missing.extend(new.iter().cloned());
        }
        verdicts.push(verdict);
    }
    let full = too_many(&mut conn, &missing).await?;
    for verdict in &mut verdicts {
        if let Ok(Verdict::Add(new)) = verdict
            && new.iter().any(|(experiment, _)| full.contains(experiment))
        {
            *verdict = Err(no_room());
        }
    }
    missing.retain(|(experiment, _)| !full.contains(experiment));
    ledger.create(&mut conn, &missing).await?;

    let now = clock::now().0;
    let mut answers = Vec::with_capacity(requests.len());
    let mut new_keys = Vec::new();
    for (request, verdict) in requests.iter().zip(verdicts) {
        answers.push(match verdict {
            Ok(Verdict::Add(_)) => {
                if let Request::Batch(BatchOf { experiment, key: Some((key, digest)), .. }) = request {
                    new_keys.push((experiment.0, key.as_str(), digest.as_slice()));
                }
                Ok(add(request, &mut ledger, now)?)
            }
            Ok(Verdict::Repeated) => Ok(Answer::Batch(repeated(request))),
            Err(refusal) => Err(refusal),
        });
    }
    keys::remember(&mut conn, &new_keys, now).await?;
    let states = ledger.write(&mut conn).await?;
    for (location, change) in ledger.changes(&locations(requests)) {
        write.record_log_change(location, change);
    }
    write.commit().await?;
    let due = states.iter().filter(|state| compact::is_due(state)).map(|state| state.id).collect();
    Ok(Done { answers, due })
}

/// What is to be done with a request.
enum Verdict {
    /// Add it; these logs are to be made for it.
    Add(Vec<Named>),
    /// It was there before.
    Repeated,
}

fn judge<'r>(
    request: &'r Request,
    known: &HashSet<ExperimentId>,
    keys: &mut Keys<'r>,
    ledger: &Ledger,
    missing: &HashSet<Named>,
) -> Result<Verdict, Error> {
    match request {
        Request::Append(Append { target: Target::Known(log), .. }) => match ledger.kind(*log)? {
            Some(Kind::Line) => Ok(Verdict::Add(Vec::new())),
            Some(kind) => Err(Error::Conflict(format!("only a LINE can be appended to, and this log is a {kind}"))),
            None => Err(Error::NotFound("log")),
        },
        Request::Append(Append { target: Target::Named { experiment, name, if_exists }, .. }) => {
            let named = (*experiment, name.clone());
            if *if_exists == IfExists::Refuse && (ledger.named(&named).is_some() || missing.contains(&named)) {
                return Err(Error::Conflict(name_taken(name)));
            }
            Ok(Verdict::Add(free_for_lines([named].into_iter(), known, ledger)?))
        }
        Request::Batch(BatchOf { experiment, lines, key, .. }) => {
            if let Some((key, digest)) = key {
                match keys.get(&(*experiment, key.as_str())) {
                    Some(same) if same == digest => return Ok(Verdict::Repeated),
                    Some(_) => {
                        return Err(Error::Conflict(format!("the key '{}' was used for another batch", key.as_str())));
                    }
                    None => {}
                }
            }
            let new = free_for_lines(lines.iter().map(|(name, _)| (*experiment, name.clone())), known, ledger)?;
            if let Some((key, digest)) = key {
                keys.insert((*experiment, key.as_str()), digest.clone());
            }
            Ok(Verdict::Add(new))
        }
    }
}

/// Those of the names that are not there yet; a refusal when one of them is no line, or has no experiment to be in.
fn free_for_lines(
    names: impl Iterator<Item = Named>,
    known: &HashSet<ExperimentId>,
    ledger: &Ledger,
) -> Result<Vec<Named>, Error> {
    let mut free = Vec::new();
    for named in names {
        match ledger.named(&named).map(|log| ledger.kind(log)).transpose()?.flatten() {
            None if known.contains(&named.0) => free.push(named),
            None => return Err(Error::NotFound("experiment")),
            Some(Kind::Line) => {}
            Some(other) => return Err(Error::Conflict(other_kind(&named.1, other, Kind::Line))),
        }
    }
    Ok(free)
}

pub(in crate::logs) fn no_room() -> Error {
    Error::Conflict(format!("an experiment holds at most {MOST_LOGS} logs, and this one is full"))
}

pub(in crate::logs) fn name_taken(name: &LogName) -> String {
    format!("there is already a log named '{name}' in this experiment; choose another name, or let it be replaced")
}

pub(in crate::logs) fn other_kind(name: &LogName, is: Kind, wanted: Kind) -> String {
    format!("'{name}' is a {is} in this experiment, and a log keeps its type; give the {wanted} another name")
}

fn add(request: &Request, ledger: &mut Ledger, now: i64) -> Result<Answer, Error> {
    match request {
        Request::Append(Append { target, samples, .. }) => {
            let log = match target {
                Target::Known(log) => *log,
                Target::Named { experiment, name, .. } => found(ledger, (*experiment, name.clone()))?,
            };
            ledger.add(log, samples, now)?;
            Ok(Answer::Log(Box::new(ledger.log(log)?)))
        }
        Request::Batch(BatchOf { experiment, lines, .. }) => {
            for (name, samples) in lines {
                let log = found(ledger, (*experiment, name.clone()))?;
                ledger.add(log, samples, now)?;
            }
            Ok(Answer::Batch(done(lines, false)))
        }
    }
}

fn found(ledger: &Ledger, named: Named) -> Result<LogId, Error> {
    ledger.named(&named).ok_or_else(|| Error::unexpected("a line that was made is not there"))
}

fn done(lines: &[(LogName, domain::logs::Samples)], repeated: bool) -> BatchResult {
    let logs: HashSet<&LogName> = lines.iter().map(|(name, _)| name).collect();
    let points = lines.iter().map(|(_, samples)| samples.values.len() as u64).sum();
    BatchResult { points, logs: logs.len() as u64, repeated }
}

fn repeated(request: &Request) -> BatchResult {
    match request {
        Request::Batch(batch) => done(&batch.lines, true),
        Request::Append(_) => BatchResult { points: 0, logs: 0, repeated: true },
    }
}

fn targets(requests: &[Request]) -> (HashSet<Named>, HashSet<LogId>) {
    let (mut names, mut ids) = (HashSet::new(), HashSet::new());
    for request in requests {
        match request {
            Request::Append(Append { target: Target::Known(log), .. }) => {
                ids.insert(*log);
            }
            Request::Append(Append { target: Target::Named { experiment, name, .. }, .. }) => {
                names.insert((*experiment, name.clone()));
            }
            Request::Batch(BatchOf { experiment, lines, .. }) => {
                names.extend(lines.iter().map(|(name, _)| (*experiment, name.clone())));
            }
        }
    }
    (names, ids)
}

fn locations(requests: &[Request]) -> HashMap<ExperimentId, Location> {
    let location = |request: &Request| match request {
        Request::Append(Append { location, .. }) | Request::Batch(BatchOf { location, .. }) => *location,
    };
    requests.iter().map(location).filter_map(|location| Some((location.experiment?, location))).collect()
}

/// Those of the experiments that are there; they stay until the transaction ends.
async fn existing(conn: &mut Conn<'_>, asked: HashSet<ExperimentId>) -> Result<HashSet<ExperimentId>, Error> {
    if asked.is_empty() {
        return Ok(asked);
    }
    let lock = if conn.for_update().is_empty() { "" } else { " FOR KEY SHARE" };
    let rows = bulk_rows!(*conn, (Uuid,), "SELECT id FROM experiments WHERE id IN (", |q| {
        let mut list = q.separated(", ");
        asked.iter().for_each(|experiment| {
            list.push_bind(experiment.0);
        });
        q.push(") ORDER BY id").push(lock)
    })?;
    Ok(rows.into_iter().map(|(id,)| ExperimentId(id)).collect())
}

/// The experiments that these new logs do not fit into any more.
async fn too_many(conn: &mut Conn<'_>, missing: &HashSet<Named>) -> Result<HashSet<ExperimentId>, Error> {
    let mut new: HashMap<ExperimentId, i64> = HashMap::new();
    missing.iter().for_each(|(experiment, _)| *new.entry(*experiment).or_default() += 1);
    let mut full = HashSet::new();
    for (experiment, count) in new {
        if documents::how_many(conn, experiment).await? + count > MOST_LOGS {
            full.insert(experiment);
        }
    }
    Ok(full)
}
