//! Compaction: merges rows of the tail and cuts full chunks from them.
//!
//! Runs concurrently with writers. Only compaction removes rows from a tail, and writers only append rows. If another compaction
//! changed the series in between, this one gives up, and the next append requests compaction again.

use std::{collections::VecDeque, ops::ControlFlow};

use domain::logs::{Points, Step};

use super::{
    CHUNK, SEGMENT,
    bucket::Bucket,
    codec::{self, Compression},
    merge::merge_points,
    pyramid::{self, COARSE_OF_CHUNK, Chunk},
    series_row::SeriesRow,
    store::{self, TailRow},
};
use crate::{
    Error,
    db::{Conn, Db},
    live::Publisher,
};

/// Number of rows at which a tail is merged.
const MERGE_AT_ROWS: i64 = 128;
/// Number of points from which on no more rows are compacted in the same transaction.
const MAX_POINTS_PER_TRANSACTION: i64 = 200_000;

/// Returns whether a series should be compacted.
pub(crate) fn is_due(state: &SeriesRow) -> bool {
    state.tail_rows >= MERGE_AT_ROWS || state.tail_points >= CHUNK.cast_signed() as i64
}

/// Compacts series, several in one transaction as long as they fit into memory, and a long tail in several transactions. Checks
/// again that each series exists and is due.
pub(crate) async fn compact(db: &Db, publisher: &Publisher, ids: &[i64]) -> Result<(), Error> {
    let mut ids: VecDeque<i64> = ids.iter().copied().collect();
    loop {
        let due = read_due_series(db, &mut ids).await?;
        if due.is_empty() {
            return Ok(());
        }
        let unfinished: Vec<i64> = due
            .iter()
            .filter(|(state, tail)| count_points(tail) < state.tail_points)
            .map(|(state, _)| state.id)
            .collect();
        let work = tokio::task::spawn_blocking(move || {
            let prepare = |(state, tail)| Ok(prepare_compaction(tail)?.map(|prepared| (state, prepared)));
            due.into_iter().map(prepare).collect::<Result<Vec<_>, Error>>()
        });
        let prepared = work.await.map_err(Error::unexpected)??;
        if apply_all(db, publisher, prepared.into_iter().flatten()).await?.is_continue() {
            ids.extend(unfinished);
        }
    }
}

/// Writes the results in one transaction, or nothing if another compaction came first.
async fn apply_all(
    db: &Db,
    publisher: &Publisher,
    all: impl Iterator<Item = (SeriesRow, PreparedCompaction)>,
) -> Result<ControlFlow<()>, Error> {
    let mut write = db.write(publisher).await?;
    for (state, prepared) in all {
        if apply(&mut write.conn(), &state, prepared).await?.is_break() {
            // Another compaction came first. Dropping the transaction rolls back; the next append requests compaction again.
            return Ok(ControlFlow::Break(()));
        }
    }
    write.commit().await?;
    Ok(ControlFlow::Continue(()))
}

/// Reads the tails of the next series that are due, as much as fits into a transaction.
async fn read_due_series(db: &Db, ids: &mut VecDeque<i64>) -> Result<Vec<(SeriesRow, Vec<TailRow>)>, Error> {
    let mut snapshot = db.snapshot().await?;
    let mut conn = snapshot.conn();
    let (mut due, mut points) = (Vec::new(), 0);
    while points < MAX_POINTS_PER_TRANSACTION {
        let Some(id) = ids.pop_front() else { break };
        if let Some(state) = store::find_by_id(&mut conn, id).await?.filter(is_due) {
            // A part of a tail with full chunks is compacted as if the rest had not arrived yet. A smaller tail is read whole.
            let tail = store::read_first_tail_rows(&mut conn, id, MAX_POINTS_PER_TRANSACTION).await?;
            points += count_points(&tail);
            due.push((state, tail));
        }
    }
    Ok(due)
}

fn count_points(tail: &[TailRow]) -> i64 {
    tail.iter().map(|row| row.points.len().cast_signed() as i64).sum()
}

/// The replacement for the rows `first` to `last` of a tail.
struct PreparedCompaction {
    first: i64,
    last: i64,
    rows: u64,
    points: Points,
    replacement: Replacement,
}

enum Replacement {
    /// A single merged row.
    Row(Vec<u8>),
    /// Chunks, used if they follow the existing ones, and the remaining points.
    Chunks(Vec<Chunk>, Points),
}

fn prepare_compaction(tail: Vec<TailRow>) -> Result<Option<PreparedCompaction>, Error> {
    let sizes: Vec<usize> = tail.iter().map(|row| row.points.len()).collect();
    let total: usize = sizes.iter().sum();
    let begin = if total >= CHUNK { 0 } else { first_row_to_merge(&sizes) };
    let taken = &tail[begin..];
    let (Some(first), Some(last)) = (taken.first(), taken.last()) else { return Ok(None) };
    let mut points = Points::with_capacity(total);
    taken.iter().for_each(|row| points.append(&row.points));
    let replacement = if total >= CHUNK {
        points.sort_by_step();
        let (chunks, rest) = pyramid::cut_chunks(&points).map_err(Error::unexpected)?;
        Replacement::Chunks(chunks, rest)
    } else {
        Replacement::Row(codec::encode(&points, Compression::Small).map_err(Error::unexpected)?)
    };
    Ok(Some(PreparedCompaction { first: first.seq, last: last.seq, rows: taken.len() as u64, points, replacement }))
}

/// Returns the first row to merge. Beginning with the last row, rows are included as long as they are at most twice as large as
/// the rows included so far. Each point is therefore rewritten only a few times, however long the line grows.
fn first_row_to_merge(sizes: &[usize]) -> usize {
    let Some((last, earlier)) = sizes.split_last() else { return 0 };
    let (mut begin, mut taken) = (earlier.len(), *last);
    while let Some(size) = begin.checked_sub(1).map(|before| sizes[before]).filter(|size| *size <= 2 * taken) {
        begin -= 1;
        taken += size;
    }
    begin
}

async fn apply(conn: &mut Conn<'_>, seen: &SeriesRow, prepared: PreparedCompaction) -> Result<ControlFlow<()>, Error> {
    let PreparedCompaction { first, last, rows, points, replacement } = prepared;
    let Some(mut state) = store::lock_by_id(conn, seen.id).await? else { return Ok(ControlFlow::Break(())) };
    let unchanged = (state.chunks, state.rewritten) == (seen.chunks, seen.rewritten);
    if !unchanged || store::delete_tail_rows(conn, state.id, first, last).await? != rows {
        return Ok(ControlFlow::Break(()));
    }
    state.tail_rows -= rows.cast_signed();
    state.tail_points -= i64::try_from(points.len()).map_err(Error::unexpected)?;
    match replacement {
        Replacement::Row(data) => reinsert_tail(conn, &mut state, last, &points, data).await?,
        Replacement::Chunks(chunks, rest) => {
            let rest = append_chunks(conn, &mut state, points, chunks, rest).await?;
            let data = codec::encode(&rest, Compression::Small).map_err(Error::unexpected)?;
            reinsert_tail(conn, &mut state, last, &rest, data).await?;
        }
    }
    store::save_series(conn, &[state]).await?;
    Ok(ControlFlow::Continue(()))
}

async fn reinsert_tail(
    conn: &mut Conn<'_>,
    state: &mut SeriesRow,
    seq: i64,
    points: &Points,
    data: Vec<u8>,
) -> Result<(), Error> {
    if points.is_empty() {
        return Ok(());
    }
    let count = i64::try_from(points.len()).map_err(Error::unexpected)?;
    state.tail_rows += 1;
    state.tail_points += count;
    store::insert_tail_rows(conn, vec![(state.id, seq, count, data)]).await
}

/// Appends chunks, or merges the points into existing chunks if their steps are smaller. Returns the points that remain for the
/// tail.
async fn append_chunks(
    conn: &mut Conn<'_>,
    state: &mut SeriesRow,
    points: Points,
    chunks: Vec<Chunk>,
    rest: Points,
) -> Result<Points, Error> {
    let first_step = points.steps.first().copied().unwrap_or_default();
    // Steps usually increase, which the last segment shows. Only otherwise are all segments read.
    let last = store::read_coarse_buckets(conn, state.id, (state.chunks - 1).max(0) / SEGMENT).await?;
    let behind = last.last().is_none_or(|bucket| bucket.last_step <= first_step);
    let position = if behind {
        state.chunks
    } else {
        first_chunk_after(&store::read_coarse_buckets(conn, state.id, 0).await?, first_step)
    };
    if position == state.chunks {
        store::write_chunks(conn, state.id, position, &chunks).await?;
        state.chunks += i64::try_from(chunks.len()).map_err(Error::unexpected)?;
        return Ok(rest);
    }
    let rest = merge_into_chunks(conn, state, position, points).await?;
    state.rewritten += 1;
    Ok(rest)
}

/// Returns the position of the first chunk with a larger step, or the number of chunks if there is no such chunk.
fn first_chunk_after(coarse: &[Bucket], step: Step) -> i64 {
    let chunks = coarse.chunks(COARSE_OF_CHUNK);
    let earlier = chunks.take_while(|chunk| chunk.last().is_some_and(|bucket| bucket.last_step <= step));
    i64::try_from(earlier.count()).unwrap_or(i64::MAX)
}

/// Rewrites the chunks from `position` on with `new` points merged in. Holds one chunk at a time in memory.
async fn merge_into_chunks(
    conn: &mut Conn<'_>,
    state: &mut SeriesRow,
    position: i64,
    mut new: Points,
) -> Result<Points, Error> {
    let mut old = Points::default();
    for position in position..state.chunks {
        let chunk = store::read_chunk(conn, state.id, position).await?.ok_or_else(|| missing_chunk(position))?;
        old.append(&chunk);
        let merged = merge_points(&old, &new, CHUNK);
        let chunk = Chunk::from_points(&merged.points).map_err(Error::unexpected)?;
        store::write_chunks(conn, state.id, position, &[chunk]).await?;
        old = old.slice(merged.old..old.len());
        new = new.slice(merged.new..new.len());
    }
    let (chunks, rest) =
        pyramid::cut_chunks(&merge_points(&old, &new, usize::MAX).points).map_err(Error::unexpected)?;
    store::write_chunks(conn, state.id, state.chunks, &chunks).await?;
    state.chunks += i64::try_from(chunks.len()).map_err(Error::unexpected)?;
    Ok(rest)
}

fn missing_chunk(position: i64) -> Error {
    Error::unexpected(format!("chunk {position} of a series is missing"))
}

#[cfg(test)]
mod tests {
    use super::first_row_to_merge;

    #[test]
    fn large_rows_are_merged_only_with_rows_of_similar_size() {
        for (sizes, begin) in [
            (vec![], 0),
            (vec![1; 64], 0),
            (vec![10_000, 1, 1, 1], 1),
            (vec![10_000, 2_000, 1_500, 64, 1], 4),
            (vec![300; 64], 0),
            (vec![9_000, 6_000, 3_000, 2_000, 600, 500, 300], 0),
        ] {
            assert_eq!(first_row_to_merge(&sizes), begin, "{sizes:?}");
        }
    }
}
