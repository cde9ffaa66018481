//! The logs that a transaction works on, with the points to append.

use std::collections::{HashMap, HashSet};

use domain::{
    ids::{ExperimentId, LogId},
    live::{Location, LogChange, LogChangeKind},
    logs::{Kind, Log, LogName, Points, Samples},
};
use uuid::Uuid;

use crate::{
    Error, clock,
    db::{Conn, bulk, bulk_rows},
    logs::{
        log_row::{LOG_COLUMNS_WITHOUT_DOCUMENT, LogRow, stored_name_of_line},
        series::{
            CHUNK, chunk_ranges,
            codec::Compression,
            series_row::{NewEntries, SeriesRow},
            store, texts,
        },
    },
};

/// Maximum number of rows in one statement. SQLite accepts 32,766 values.
const MAX_ROWS_PER_STATEMENT: usize = 32_766 / store::SERIES_COLUMNS;

/// An experiment and the name of a log in it.
pub(super) type LogKey = (ExperimentId, LogName);

/// A log and the name of a line in it.
pub(super) type NamedLineKey = (LogId, String);

/// A log with its series, if it is a line, and the points to append.
struct Entry {
    row: LogRow,
    series: Option<SeriesRow>,
    /// Entries that are not written yet.
    added: NewEntries,
    /// Whether entries were written before the end of the transaction, because they were many.
    has_written_entries: bool,
    before: u64,
    new: bool,
}

/// The logs of a transaction.
#[derive(Default)]
pub(super) struct WorkingSet {
    entries: HashMap<Uuid, Entry>,
    by_name: HashMap<LogKey, Uuid>,
    named_lines: HashMap<NamedLineKey, Uuid>,
}

impl WorkingSet {
    /// Loads and locks the logs that exist.
    pub(super) async fn load(
        conn: &mut Conn<'_>,
        names: &HashSet<LogKey>,
        ids: &HashSet<LogId>,
    ) -> Result<Self, Error> {
        let mut working_set = Self::default();
        working_set.load_by_name(conn, &names.iter().collect::<Vec<_>>(), false).await?;
        if !ids.is_empty() {
            let lock = conn.for_update();
            let start = format!("SELECT {LOG_COLUMNS_WITHOUT_DOCUMENT} FROM logs WHERE id IN (");
            let rows = bulk_rows!(*conn, LogRow, start, |q| {
                let mut list = q.separated(", ");
                ids.iter().for_each(|id| {
                    list.push_bind(id.0);
                });
                q.push(") AND parent_id IS NULL ORDER BY id").push(lock)
            })?;
            working_set.insert_rows(conn, rows, false).await?;
        }
        Ok(working_set)
    }

    async fn load_by_name(&mut self, conn: &mut Conn<'_>, names: &[&LogKey], new: bool) -> Result<(), Error> {
        if names.is_empty() {
            return Ok(());
        }
        let lock = conn.for_update();
        let start = format!("SELECT {LOG_COLUMNS_WITHOUT_DOCUMENT} FROM logs WHERE (experiment_id, name) IN (");
        let rows = bulk_rows!(*conn, LogRow, start, |q| {
            q.push_values(names, |mut row, (experiment, name)| {
                row.push_bind(experiment.0).push_bind(name.as_str());
            });
            q.push(") ORDER BY id").push(lock)
        })?;
        self.insert_rows(conn, rows, new).await
    }

    async fn insert_rows(&mut self, conn: &mut Conn<'_>, rows: Vec<LogRow>, new: bool) -> Result<(), Error> {
        let lines: Vec<Uuid> = rows.iter().filter(|row| row.kind == Kind::Line.as_str()).map(|row| row.id).collect();
        let states =
            if new { store::create_series(conn, &lines).await? } else { store::lock_by_logs(conn, &lines).await? };
        let mut states: HashMap<Uuid, SeriesRow> = states.into_iter().map(|state| (state.log_id, state)).collect();
        for row in rows {
            match row.named_line() {
                Some((parent, name)) => {
                    self.named_lines.insert((parent, name.to_owned()), row.id);
                }
                None => {
                    let name = LogName::from_stored(row.name.clone());
                    self.by_name.insert((ExperimentId(row.experiment_id), name), row.id);
                }
            }
            let series = states.remove(&row.id);
            let before = series.map_or(0, |state| state.points.cast_unsigned());
            let (added, has_written_entries) = (NewEntries::default(), false);
            self.entries.entry(row.id).or_insert(Entry { row, series, added, has_written_entries, before, new });
        }
        Ok(())
    }

    /// Creates lines with these names, which must not exist, in this order.
    pub(super) async fn create(&mut self, conn: &mut Conn<'_>, names: &[LogKey]) -> Result<(), Error> {
        if names.is_empty() {
            return Ok(());
        }
        let now = clock::now().0;
        let start = "INSERT INTO logs (id, experiment_id, name, kind, revision, created_at, updated_at) ";
        for chunk in names.chunks(MAX_ROWS_PER_STATEMENT) {
            bulk!(*conn, start, |q| {
                q.push_values(chunk, |mut row, (experiment, name)| {
                    row.push_bind(Uuid::now_v7()).push_bind(experiment.0).push_bind(name.as_str());
                    row.push_bind(Kind::Line.as_str()).push_bind(1_i64).push_bind(now).push_bind(now);
                })
            })?;
        }
        self.load_by_name(conn, &names.iter().collect::<Vec<_>>(), true).await
    }

    /// Loads and locks named lines, and creates those that do not exist, in this order.
    pub(super) async fn load_or_create_named_lines(
        &mut self,
        conn: &mut Conn<'_>,
        keys: &[NamedLineKey],
    ) -> Result<(), Error> {
        let named = |key: &NamedLineKey| -> Result<(ExperimentId, NamedLineKey), Error> {
            let entry = self.entries.get(&key.0.0).ok_or_else(|| Error::unexpected("a loaded line is missing"))?;
            Ok((ExperimentId(entry.row.experiment_id), key.clone()))
        };
        let named = keys.iter().map(named).collect::<Result<Vec<_>, _>>()?;
        self.load_named_lines(conn, &named, false).await?;
        let missing: Vec<_> = named.into_iter().filter(|(_, key)| !self.named_lines.contains_key(key)).collect();
        if missing.is_empty() {
            return Ok(());
        }
        let now = clock::now().0;
        let start = "INSERT INTO logs (id, parent_id, experiment_id, name, kind, revision, created_at, updated_at) ";
        for chunk in missing.chunks(MAX_ROWS_PER_STATEMENT) {
            bulk!(*conn, start, |q| {
                q.push_values(chunk, |mut row, (experiment, (parent, name))| {
                    row.push_bind(Uuid::now_v7()).push_bind(parent.0).push_bind(experiment.0);
                    row.push_bind(stored_name_of_line(*parent, name)).push_bind(Kind::Line.as_str()).push_bind(1_i64);
                    row.push_bind(now).push_bind(now);
                })
            })?;
        }
        self.load_named_lines(conn, &missing, true).await
    }

    async fn load_named_lines(
        &mut self,
        conn: &mut Conn<'_>,
        named: &[(ExperimentId, NamedLineKey)],
        new: bool,
    ) -> Result<(), Error> {
        let lock = conn.for_update();
        let start = format!("SELECT {LOG_COLUMNS_WITHOUT_DOCUMENT} FROM logs WHERE (experiment_id, name) IN (");
        for chunk in named.chunks(MAX_ROWS_PER_STATEMENT) {
            let rows = bulk_rows!(*conn, LogRow, start.as_str(), |q| {
                q.push_values(chunk, |mut row, (experiment, (parent, name))| {
                    row.push_bind(experiment.0).push_bind(stored_name_of_line(*parent, name));
                });
                q.push(") ORDER BY id").push(lock)
            })?;
            self.insert_rows(conn, rows, new).await?;
        }
        Ok(())
    }

    /// Returns the named line of a log.
    pub(super) fn find_named_line(&self, key: &NamedLineKey) -> Option<LogId> {
        self.named_lines.get(key).map(|id| LogId(*id))
    }

    /// Returns the log with a name.
    pub(super) fn find(&self, name: &LogKey) -> Option<LogId> {
        self.by_name.get(name).map(|id| LogId(*id))
    }

    /// Returns the type of a log, or `None` if it does not exist.
    pub(super) fn kind(&self, log: LogId) -> Result<Option<Kind>, Error> {
        self.entries.get(&log.0).map(|entry| entry.row.kind()).transpose()
    }

    /// Appends samples to a line. Writes full chunks at once, and leaves the rest to [`WorkingSet::write`].
    pub(super) async fn add(
        &mut self,
        conn: &mut Conn<'_>,
        log: LogId,
        samples: &Samples,
        now: i64,
    ) -> Result<(), Error> {
        let entry = self.entries.get_mut(&log.0).ok_or_else(|| Error::unexpected("a loaded line is missing"))?;
        let series = entry.series.as_mut().ok_or_else(|| Error::unexpected("a line has no series"))?;
        for range in chunk_ranges(samples.values.len()) {
            series.append_samples(samples, range, now, &mut entry.added);
            if entry.added.points.len() >= CHUNK {
                let added = std::mem::take(&mut entry.added);
                store::append_entries(conn, series, added, Compression::Fast).await?;
                entry.has_written_entries = true;
            }
        }
        Ok(())
    }

    /// Returns a log including the samples appended so far.
    pub(super) fn log(&self, log: LogId) -> Result<Log, Error> {
        let entry = self.entries.get(&log.0).ok_or(Error::NotFound("log"))?;
        entry.row.clone().into_log(entry.series.as_ref())
    }

    /// Writes the remaining points and returns the changed series.
    pub(super) async fn write(&mut self, conn: &mut Conn<'_>) -> Result<Vec<SeriesRow>, Error> {
        let (mut rows, mut states, mut new_texts) = (Vec::new(), Vec::new(), Vec::new());
        for entry in self.entries.values_mut() {
            let Some(series) = entry.series.as_mut() else { continue };
            let NewEntries { points, texts } = &mut entry.added;
            if !points.is_empty() {
                rows.push(store::new_tail_row(series, points, Compression::Fast)?);
                new_texts.extend(texts.drain(..).map(|(position, json)| (series.id, position, json)));
            }
            if entry.has_written_entries || !points.is_empty() {
                states.push(*series);
            }
        }
        texts::insert_texts(conn, &new_texts).await?;
        while !rows.is_empty() {
            let chunk = rows.split_off(rows.len().saturating_sub(MAX_ROWS_PER_STATEMENT));
            store::insert_tail_rows(conn, chunk).await?;
        }
        for chunk in states.chunks(MAX_ROWS_PER_STATEMENT) {
            store::save_series(conn, chunk).await?;
        }
        Ok(states)
    }

    /// Returns the changes to publish.
    pub(super) fn changes(self, locations: &HashMap<ExperimentId, Location>) -> Vec<(Location, LogChange)> {
        let change = |entry: Entry| {
            let location = *locations.get(&ExperimentId(entry.row.experiment_id))?;
            let count = entry.series?.points.cast_unsigned();
            let change = if entry.new {
                LogChangeKind::Replaced { revision: entry.row.revision }
            } else if count == entry.before {
                return None;
            } else {
                let added = entry.added.points;
                let points = if entry.has_written_entries { Points::default() } else { points_to_include(added) };
                LogChangeKind::Appended { from: entry.before, count, points }
            };
            Some((location, LogChange { log: LogId(entry.row.id), kind: Kind::Line, change }))
        };
        self.entries.into_values().filter_map(change).collect()
    }
}

/// Returns the points to include in a live update, or none if there are too many; pages then request them.
fn points_to_include(points: Points) -> Points {
    const MAX_POINTS: usize = 200;
    if points.len() > MAX_POINTS { Points::default() } else { points }
}
