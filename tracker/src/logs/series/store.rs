//! Reads and writes the rows of series, tails, chunks and buckets.

use domain::{ids::LogId, logs::Points};
use uuid::Uuid;

use super::{
    SEGMENT,
    bucket::Bucket,
    codec::{self, Compression},
    pyramid::{COARSE_OF_CHUNK, Chunk},
    series_row::{NewEntries, SeriesRow},
    texts::insert_texts,
};
use crate::{
    Error,
    db::{Conn, bulk, bulk_rows, run, sql},
};

const SELECT_SERIES: &str = "SELECT id, log_id, points, first_step, last_step, first_at, last_at, last_bits, min_bits, min_step, \
                      max_bits, max_step, extremes_known, texts, explicit_steps, chunks, rewritten, tail_rows, \
                      tail_points, next_seq FROM series WHERE ";

/// Number of columns of a [`SeriesRow`], which a statement that writes several rows binds for each.
pub(crate) const SERIES_COLUMNS: usize = 20;

/// A row of the tail.
#[derive(Debug)]
pub(crate) struct TailRow {
    pub(crate) seq: i64,
    pub(crate) points: Points,
}

/// Returns the series of logs.
pub(crate) async fn find_by_logs(conn: &mut Conn<'_>, logs: &[Uuid]) -> Result<Vec<SeriesRow>, Error> {
    if logs.is_empty() {
        return Ok(Vec::new());
    }
    Ok(bulk_rows!(*conn, SeriesRow, SELECT_SERIES, |q| {
        q.push("log_id IN (");
        let mut list = q.separated(", ");
        logs.iter().for_each(|log| {
            list.push_bind(*log);
        });
        q.push(")")
    })?)
}

/// Returns the series of logs and locks them until the transaction ends.
pub(crate) async fn lock_by_logs(conn: &mut Conn<'_>, logs: &[Uuid]) -> Result<Vec<SeriesRow>, Error> {
    if logs.is_empty() {
        return Ok(Vec::new());
    }
    let lock = conn.for_update();
    Ok(bulk_rows!(*conn, SeriesRow, SELECT_SERIES, |q| {
        q.push("log_id IN (");
        let mut list = q.separated(", ");
        logs.iter().for_each(|log| {
            list.push_bind(*log);
        });
        q.push(") ORDER BY id").push(lock)
    })?)
}

/// Returns the series of a log, or `None` if the log is not a line.
pub(crate) async fn find_by_log(conn: &mut Conn<'_>, log: LogId) -> Result<Option<SeriesRow>, Error> {
    Ok(find_by_logs(conn, &[log.0]).await?.pop())
}

/// Returns a series by its own id.
pub(crate) async fn find_by_id(conn: &mut Conn<'_>, id: i64) -> Result<Option<SeriesRow>, Error> {
    Ok(bulk_rows!(*conn, SeriesRow, SELECT_SERIES, |q| q.push("id = ").push_bind(id))?.pop())
}

/// Returns a series by its own id and locks it until the transaction ends.
pub(crate) async fn lock_by_id(conn: &mut Conn<'_>, id: i64) -> Result<Option<SeriesRow>, Error> {
    let lock = conn.for_update();
    let mut states = bulk_rows!(*conn, SeriesRow, SELECT_SERIES, |q| q.push("id = ").push_bind(id).push(lock))?;
    Ok(states.pop())
}

/// Creates empty series for logs without one.
pub(crate) async fn create_series(conn: &mut Conn<'_>, logs: &[Uuid]) -> Result<Vec<SeriesRow>, Error> {
    if logs.is_empty() {
        return Ok(Vec::new());
    }
    bulk!(*conn, "INSERT INTO series (log_id, extremes_known) ", |q| {
        q.push_values(logs, |mut row, log| {
            row.push_bind(*log).push_bind(1_i64);
        })
    })?;
    find_by_logs(conn, logs).await
}

/// Updates the rows of existing series.
pub(crate) async fn save_series(conn: &mut Conn<'_>, states: &[SeriesRow]) -> Result<(), Error> {
    if states.is_empty() {
        return Ok(());
    }
    let start = "INSERT INTO series (id, log_id, points, first_step, last_step, first_at, last_at, last_bits, min_bits, \
                 min_step, max_bits, max_step, extremes_known, texts, explicit_steps, chunks, rewritten, tail_rows, \
                 tail_points, next_seq) ";
    bulk!(*conn, start, |q| {
        q.push_values(states, |mut row, state| {
            row.push_bind(state.id).push_bind(state.log_id).push_bind(state.points);
            row.push_bind(state.first_step).push_bind(state.last_step);
            row.push_bind(state.first_at).push_bind(state.last_at).push_bind(state.last_bits);
            row.push_bind(state.min_bits).push_bind(state.min_step).push_bind(state.max_bits).push_bind(state.max_step);
            row.push_bind(state.extremes_known).push_bind(state.texts);
            row.push_bind(state.explicit_steps).push_bind(state.chunks).push_bind(state.rewritten);
            row.push_bind(state.tail_rows).push_bind(state.tail_points).push_bind(state.next_seq);
        });
        q.push(
            " ON CONFLICT (id) DO UPDATE SET points = excluded.points, first_step = excluded.first_step,
              last_step = excluded.last_step, first_at = excluded.first_at, last_at = excluded.last_at,
              last_bits = excluded.last_bits, min_bits = excluded.min_bits, min_step = excluded.min_step,
              max_bits = excluded.max_bits, max_step = excluded.max_step, extremes_known = excluded.extremes_known,
              texts = excluded.texts, explicit_steps = excluded.explicit_steps, chunks = excluded.chunks,
              rewritten = excluded.rewritten, tail_rows = excluded.tail_rows, tail_points = excluded.tail_points,
              next_seq = excluded.next_seq",
        )
    })?;
    Ok(())
}

/// Returns the first rows of a tail in the order of arrival: as many as have at least `points` points together, or all.
pub(crate) async fn read_first_tail_rows(conn: &mut Conn<'_>, id: i64, points: i64) -> Result<Vec<TailRow>, Error> {
    let query = "SELECT seq, points FROM series_tail WHERE series_id = $1 ORDER BY seq";
    let rows: Vec<(i64, i64)> = sql!(*conn, |c| sqlx::query_as(query).bind(id).fetch_all(c))?;
    let mut total = 0;
    let last = rows.iter().find_map(|(seq, count)| {
        total += count;
        (total >= points).then_some(*seq)
    });
    read_tail(conn, id, last.unwrap_or(i64::MAX)).await
}

/// Returns the rows of a tail up to a sequence number, in the order of arrival.
async fn read_tail(conn: &mut Conn<'_>, id: i64, last: i64) -> Result<Vec<TailRow>, Error> {
    let query = "SELECT seq, data FROM series_tail WHERE series_id = $1 AND seq <= $2 ORDER BY seq";
    let rows: Vec<(i64, Vec<u8>)> = sql!(*conn, |c| sqlx::query_as(query).bind(id).bind(last).fetch_all(c))?;
    let read =
        |(seq, data): (i64, Vec<u8>)| Ok(TailRow { seq, points: codec::decode(&data).map_err(Error::unexpected)? });
    rows.into_iter().map(read).collect()
}

/// Returns all points of a tail in the order of (step, arrival).
pub(crate) async fn read_sorted_tail(conn: &mut Conn<'_>, id: i64) -> Result<Points, Error> {
    let mut points = Points::default();
    for row in read_tail(conn, id, i64::MAX).await? {
        points.append(&row.points);
    }
    points.sort_by_step();
    Ok(points)
}

/// Appends entries to a series, their points as one row of the tail, and counts them in `state`, which the caller must save.
pub(crate) async fn append_entries(
    conn: &mut Conn<'_>,
    state: &mut SeriesRow,
    NewEntries { points, texts }: NewEntries,
    compression: Compression,
) -> Result<(), Error> {
    if points.is_empty() {
        return Ok(());
    }
    insert_tail_rows(conn, vec![new_tail_row(state, &points, compression)?]).await?;
    let texts: Vec<_> = texts.into_iter().map(|(position, json)| (state.id, position, json)).collect();
    insert_texts(conn, &texts).await
}

/// Encodes points as the next row of the tail of a series and counts them in `state`.
pub(crate) fn new_tail_row(
    state: &mut SeriesRow,
    points: &Points,
    compression: Compression,
) -> Result<NewTailRow, Error> {
    let count = i64::try_from(points.len()).map_err(Error::unexpected)?;
    let data = codec::encode(points, compression).map_err(Error::unexpected)?;
    let row = (state.id, state.next_seq, count, data);
    state.next_seq += 1;
    state.tail_rows += 1;
    state.tail_points += count;
    Ok(row)
}

/// A row to insert into a tail: series id, sequence number, number of points, encoded points.
pub(crate) type NewTailRow = (i64, i64, i64, Vec<u8>);

/// Inserts rows into tails.
pub(crate) async fn insert_tail_rows(conn: &mut Conn<'_>, rows: Vec<NewTailRow>) -> Result<(), Error> {
    if rows.is_empty() {
        return Ok(());
    }
    bulk!(*conn, "INSERT INTO series_tail (series_id, seq, points, data) ", |q| {
        q.push_values(rows, |mut row, (series, seq, points, data)| {
            row.push_bind(series).push_bind(seq).push_bind(points).push_bind(data);
        })
    })?;
    Ok(())
}

/// Deletes the rows `first` to `last` of a tail and returns their number.
pub(crate) async fn delete_tail_rows(conn: &mut Conn<'_>, id: i64, first: i64, last: i64) -> Result<u64, Error> {
    let query = "DELETE FROM series_tail WHERE series_id = $1 AND seq BETWEEN $2 AND $3";
    Ok(run!(*conn, sqlx::query(query).bind(id).bind(first).bind(last))?)
}

/// Returns the coarse buckets of all chunks from a segment on, in the order of the chunks.
pub(crate) async fn read_coarse_buckets(conn: &mut Conn<'_>, id: i64, from_segment: i64) -> Result<Vec<Bucket>, Error> {
    let query = "SELECT data FROM series_coarse WHERE series_id = $1 AND segment >= $2 ORDER BY segment";
    let rows: Vec<Vec<u8>> = sql!(*conn, |c| sqlx::query_scalar(query).bind(id).bind(from_segment).fetch_all(c))?;
    let mut buckets = Vec::new();
    for row in rows {
        buckets.extend(Bucket::decode_all(&row).map_err(Error::unexpected)?);
    }
    Ok(buckets)
}

/// Returns the fine buckets of the chunks `first` to `last`, inclusive.
pub(crate) async fn read_fine_buckets(
    conn: &mut Conn<'_>,
    id: i64,
    first: i64,
    last: i64,
) -> Result<Vec<Bucket>, Error> {
    let query = "SELECT fine FROM series_chunks WHERE series_id = $1 AND place BETWEEN $2 AND $3 ORDER BY place";
    let rows: Vec<Vec<u8>> = sql!(*conn, |c| sqlx::query_scalar(query).bind(id).bind(first).bind(last).fetch_all(c))?;
    let mut buckets = Vec::new();
    for row in rows {
        buckets.extend(Bucket::decode_all(&row).map_err(Error::unexpected)?);
    }
    Ok(buckets)
}

/// Returns the points of a chunk, or `None` if the chunk does not exist.
pub(crate) async fn read_chunk(conn: &mut Conn<'_>, id: i64, position: i64) -> Result<Option<Points>, Error> {
    let query = "SELECT data FROM series_chunks WHERE series_id = $1 AND place = $2";
    let row: Option<Vec<u8>> = sql!(*conn, |c| sqlx::query_scalar(query).bind(id).bind(position).fetch_optional(c))?;
    row.map(|data| codec::decode(&data).map_err(Error::unexpected)).transpose()
}

/// Writes chunks from `position` on, replacing existing ones.
pub(crate) async fn write_chunks(conn: &mut Conn<'_>, id: i64, position: i64, chunks: &[Chunk]) -> Result<(), Error> {
    let segment = position / SEGMENT;
    let mut buckets = read_coarse_buckets(conn, id, segment).await?;
    let kept = usize::try_from(position % SEGMENT).unwrap_or_default() * COARSE_OF_CHUNK;
    buckets.truncate(kept);
    buckets.extend(chunks.iter().flat_map(|chunk| chunk.coarse.iter().copied()));
    for (position, chunk) in (position..).zip(chunks) {
        let query = "INSERT INTO series_chunks (series_id, place, fine, data) VALUES ($1, $2, $3, $4)
                     ON CONFLICT (series_id, place) DO UPDATE SET fine = excluded.fine, data = excluded.data";
        run!(
            *conn,
            sqlx::query(query).bind(id).bind(position).bind(chunk.fine.as_slice()).bind(chunk.data.as_slice())
        )?;
    }
    let size = usize::try_from(SEGMENT).unwrap_or_default() * COARSE_OF_CHUNK;
    for (segment, buckets) in (segment..).zip(buckets.chunks(size)) {
        let query = "INSERT INTO series_coarse (series_id, segment, data) VALUES ($1, $2, $3)
                     ON CONFLICT (series_id, segment) DO UPDATE SET data = excluded.data";
        run!(*conn, sqlx::query(query).bind(id).bind(segment).bind(Bucket::encode_all(buckets)))?;
    }
    Ok(())
}
