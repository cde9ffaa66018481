//! Commits several requests in one transaction. A rejected request does not affect the others and writes nothing.

use std::collections::{BTreeMap, HashMap, HashSet};

use domain::{
    ids::{ExperimentId, LogId},
    live::Location,
    logs::{BatchResult, Kind, LogName},
};
use uuid::Uuid;

use super::{
    AppendRequest, BatchRequest, LineTarget, WriteRequest, WriteResult,
    idempotency::{self, UsedKeys},
    working_set::{LogKey, NamedLineKey, WorkingSet},
};
use crate::{
    Error, clock,
    db::{Conn, Db, bulk_rows},
    experiments::WriteRecorder,
    live::Publisher,
    logs::{IfExists, series::compact},
};

/// The result of a commit.
pub(super) struct CommitResult {
    /// One result per request, in the same order.
    pub(super) results: Vec<Result<WriteResult, Error>>,
    /// Series to compact.
    pub(super) due: Vec<i64>,
}

/// Maximum number of attempts. Another server may create the same log or use the same key concurrently; the next attempt then
/// sees its rows.
const ATTEMPTS: usize = 4;

/// Commits requests. Repeats the transaction after a conflict with another server, which is possible on PostgreSQL only.
pub(super) async fn commit_requests(
    db: &Db,
    publisher: &Publisher,
    recorder: &WriteRecorder,
    requests: &[WriteRequest],
) -> Result<CommitResult, Error> {
    let mut last = try_commit(db, publisher, recorder, requests).await;
    for _ in 1..ATTEMPTS {
        match last {
            Err(error) if is_write_conflict(&error) => {
                last = try_commit(db, publisher, recorder, requests).await;
            }
            result => return result,
        }
    }
    last
}

fn is_write_conflict(error: &Error) -> bool {
    let Error::Unexpected(cause) = error else { return false };
    let database = cause.downcast_ref::<sqlx::Error>().and_then(sqlx::Error::as_database_error);
    database.is_some_and(|database| {
        // PostgreSQL's serialization_failure and deadlock_detected.
        database.is_unique_violation() || matches!(database.code().as_deref(), Some("40001" | "40P01"))
    })
}

async fn try_commit(
    db: &Db,
    publisher: &Publisher,
    recorder: &WriteRecorder,
    requests: &[WriteRequest],
) -> Result<CommitResult, Error> {
    let mut write = db.write(publisher).await?;
    let mut conn = write.conn();
    let mut keys = idempotency::find_used_keys(&mut conn, requests).await?;
    let (names, ids) = collect_targets(requests);
    let mut working_set = WorkingSet::load(&mut conn, &names, &ids).await?;
    // The experiment of an existing log exists, so only those of new names are checked.
    let experiments_of_new =
        names.iter().filter(|named| working_set.find(named).is_none()).map(|(experiment, _)| *experiment);
    let known = lock_existing_experiments(&mut conn, experiments_of_new.collect()).await?;

    // In the order of the requests, in which the logs are created.
    let mut missing = Vec::new();
    let mut known_missing = HashSet::new();
    let mut decisions = Vec::with_capacity(requests.len());
    for request in requests {
        let decision = plan_request(request, &known, &mut keys, &working_set, &known_missing);
        if let Ok(Decision::Write(new)) = &decision {
            missing.extend(new.iter().filter(|named| known_missing.insert((*named).clone())).cloned());
        }
        decisions.push(decision);
    }
    working_set.create(&mut conn, &missing).await?;
    let named_lines = collect_named_lines(requests, &decisions, &working_set)?;
    working_set.load_or_create_named_lines(&mut conn, &named_lines).await?;

    let now = clock::now().0;
    let mut results = Vec::with_capacity(requests.len());
    let mut new_keys = Vec::new();
    let mut written_by_scripts = BTreeMap::new();
    for (request, decision) in requests.iter().zip(decisions) {
        results.push(match decision {
            Ok(Decision::Write(_)) => {
                if let (true, location @ Location { experiment: Some(experiment), .. }) = request.origin() {
                    written_by_scripts.insert(experiment.0, location);
                }
                if let WriteRequest::Batch(BatchRequest { experiment, key: Some((key, digest)), .. }) = request {
                    new_keys.push((experiment.0, key.as_str(), digest.as_slice()));
                }
                Ok(append_samples(&mut conn, request, &mut working_set, now).await?)
            }
            Ok(Decision::AlreadyLogged) => Ok(WriteResult::Batch(repeated_batch_result(request))),
            Err(error) => Err(error),
        });
    }
    idempotency::insert_keys(&mut conn, &new_keys, now).await?;
    let states = working_set.write(&mut conn).await?;
    // In the order of ids, so that commits of several servers can't deadlock.
    for location in written_by_scripts.into_values() {
        recorder.record(&mut write, location).await?;
    }
    for (location, change) in working_set.changes(&locations_by_experiment(requests)) {
        write.record_log_change(location, change);
    }
    write.commit().await?;
    let due = states.iter().filter(|state| compact::is_due(state)).map(|state| state.id).collect();
    Ok(CommitResult { results, due })
}

/// What to do with a request.
enum Decision {
    /// Write it, after creating these logs.
    Write(Vec<LogKey>),
    /// Nothing, because the batch was logged before.
    AlreadyLogged,
}

fn plan_request<'r>(
    request: &'r WriteRequest,
    known: &HashSet<ExperimentId>,
    keys: &mut UsedKeys<'r>,
    working_set: &WorkingSet,
    missing: &HashSet<LogKey>,
) -> Result<Decision, Error> {
    match request {
        WriteRequest::Append(AppendRequest { target: LineTarget::ById(log), .. }) => match working_set.kind(*log)? {
            Some(Kind::Line) => Ok(Decision::Write(Vec::new())),
            Some(kind) => Err(Error::Conflict(format!("only a LINE can be appended to; this log is of type {kind}"))),
            None => Err(Error::NotFound("log")),
        },
        WriteRequest::Append(AppendRequest { target: LineTarget::ByName { experiment, name, if_exists }, .. }) => {
            let named = (*experiment, name.clone());
            if *if_exists == IfExists::Refuse && (working_set.find(&named).is_some() || missing.contains(&named)) {
                return Err(Error::Conflict(name_taken_message(name)));
            }
            Ok(Decision::Write(find_new_lines([named].into_iter(), known, working_set)?))
        }
        WriteRequest::Batch(BatchRequest { experiment, lines, key, .. }) => {
            if let Some((key, digest)) = key {
                match keys.get(&(*experiment, key.as_str())) {
                    Some(same) if same == digest => return Ok(Decision::AlreadyLogged),
                    Some(_) => {
                        return Err(Error::Conflict(format!(
                            "the idempotency key '{}' was used for another batch",
                            key.as_str()
                        )));
                    }
                    None => {}
                }
            }
            let new = find_new_lines(lines.iter().map(|(name, _)| (*experiment, name.clone())), known, working_set)?;
            if let Some((key, digest)) = key {
                keys.insert((*experiment, key.as_str()), digest.clone());
            }
            Ok(Decision::Write(new))
        }
    }
}

/// Returns the names without a log.
///
/// # Errors
/// Returns [`Error::Conflict`] if a log with one of the names is not a line, and [`Error::NotFound`] if the experiment of a new
/// name does not exist.
fn find_new_lines(
    names: impl Iterator<Item = LogKey>,
    known: &HashSet<ExperimentId>,
    working_set: &WorkingSet,
) -> Result<Vec<LogKey>, Error> {
    let mut new = Vec::new();
    for named in names {
        match working_set.find(&named).map(|log| working_set.kind(log)).transpose()?.flatten() {
            None if known.contains(&named.0) => new.push(named),
            None => return Err(Error::NotFound("experiment")),
            Some(Kind::Line) => {}
            Some(other) => return Err(Error::Conflict(type_mismatch_message(&named.1, other, Kind::Line))),
        }
    }
    Ok(new)
}

pub(in crate::logs) fn name_taken_message(name: &LogName) -> String {
    format!("there is already a log named '{name}' in this experiment; choose another name, or allow replacing it")
}

pub(in crate::logs) fn type_mismatch_message(name: &LogName, existing: Kind, wanted: Kind) -> String {
    format!(
        "'{name}' is a {existing} in this experiment, and the type of a log can't change; give the {wanted} another name"
    )
}

async fn append_samples(
    conn: &mut Conn<'_>,
    request: &WriteRequest,
    working_set: &mut WorkingSet,
    now: i64,
) -> Result<WriteResult, Error> {
    match request {
        WriteRequest::Append(AppendRequest { target, samples, .. }) => {
            let log = target_line(working_set, target)?;
            working_set.add(conn, log, &samples.unnamed, now).await?;
            for (name, samples) in &samples.named {
                let line = working_set.find_named_line(&(log, name.clone()));
                let line = line.ok_or_else(|| Error::unexpected("a named line is missing"))?;
                working_set.add(conn, line, samples, now).await?;
            }
            Ok(WriteResult::Log(Box::new(working_set.log(log)?)))
        }
        WriteRequest::Batch(BatchRequest { experiment, lines, .. }) => {
            for (name, samples) in lines {
                let log = require_line(working_set, (*experiment, name.clone()))?;
                working_set.add(conn, log, samples, now).await?;
            }
            Ok(WriteResult::Batch(batch_result(lines, false)))
        }
    }
}

fn target_line(working_set: &WorkingSet, target: &LineTarget) -> Result<LogId, Error> {
    match target {
        LineTarget::ById(log) => Ok(*log),
        LineTarget::ByName { experiment, name, .. } => require_line(working_set, (*experiment, name.clone())),
    }
}

/// Returns the named lines of the requests that are to be written, in the order in which scripts sent them.
fn collect_named_lines(
    requests: &[WriteRequest],
    decisions: &[Result<Decision, Error>],
    working_set: &WorkingSet,
) -> Result<Vec<NamedLineKey>, Error> {
    let (mut keys, mut known) = (Vec::new(), HashSet::new());
    for (request, decision) in requests.iter().zip(decisions) {
        if let (WriteRequest::Append(AppendRequest { target, samples, .. }), Ok(Decision::Write(_))) =
            (request, decision)
            && !samples.named.is_empty()
        {
            let log = target_line(working_set, target)?;
            let named = samples.named.iter().map(|(name, _)| (log, name.clone()));
            keys.extend(named.filter(|key| known.insert(key.clone())));
        }
    }
    Ok(keys)
}

fn require_line(working_set: &WorkingSet, named: LogKey) -> Result<LogId, Error> {
    working_set.find(&named).ok_or_else(|| Error::unexpected("a newly created line is missing"))
}

fn batch_result(lines: &[(LogName, domain::logs::Samples)], repeated: bool) -> BatchResult {
    let logs: HashSet<&LogName> = lines.iter().map(|(name, _)| name).collect();
    let points = lines.iter().map(|(_, samples)| samples.values.len() as u64).sum();
    BatchResult { points, logs: logs.len() as u64, repeated }
}

fn repeated_batch_result(request: &WriteRequest) -> BatchResult {
    match request {
        WriteRequest::Batch(batch) => batch_result(&batch.lines, true),
        WriteRequest::Append(_) => BatchResult { points: 0, logs: 0, repeated: true },
    }
}

fn collect_targets(requests: &[WriteRequest]) -> (HashSet<LogKey>, HashSet<LogId>) {
    let (mut names, mut ids) = (HashSet::new(), HashSet::new());
    for request in requests {
        match request {
            WriteRequest::Append(AppendRequest { target: LineTarget::ById(log), .. }) => {
                ids.insert(*log);
            }
            WriteRequest::Append(AppendRequest { target: LineTarget::ByName { experiment, name, .. }, .. }) => {
                names.insert((*experiment, name.clone()));
            }
            WriteRequest::Batch(BatchRequest { experiment, lines, .. }) => {
                names.extend(lines.iter().map(|(name, _)| (*experiment, name.clone())));
            }
        }
    }
    (names, ids)
}

fn locations_by_experiment(requests: &[WriteRequest]) -> HashMap<ExperimentId, Location> {
    let location = |request: &WriteRequest| request.origin().1;
    requests.iter().map(location).filter_map(|location| Some((location.experiment?, location))).collect()
}

/// Returns the experiments that exist, and prevents their deletion until the transaction ends.
async fn lock_existing_experiments(
    conn: &mut Conn<'_>,
    ids: HashSet<ExperimentId>,
) -> Result<HashSet<ExperimentId>, Error> {
    if ids.is_empty() {
        return Ok(ids);
    }
    let lock = if conn.for_update().is_empty() { "" } else { " FOR KEY SHARE" };
    let rows = bulk_rows!(*conn, (Uuid,), "SELECT id FROM experiments WHERE id IN (", |q| {
        let mut list = q.separated(", ");
        ids.iter().for_each(|experiment| {
            list.push_bind(experiment.0);
        });
        q.push(") ORDER BY id").push(lock)
    })?;
    Ok(rows.into_iter().map(|(id,)| ExperimentId(id)).collect())
}
