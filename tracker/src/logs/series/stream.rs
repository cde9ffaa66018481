//! All points of a line, a piece at a time.

use domain::logs::Points;

use super::{merge::merge_points, series_row::SeriesRow, store};
use crate::{
    Error,
    db::{Conn, Db},
};

/// All points of a line in the order of (step, arrival), as the line was when the stream was made. No more than one chunk and
/// the tail are in memory. A clone gives what the stream itself has still to give.
#[derive(Clone)]
pub struct PointStream {
    db: Db,
    state: SeriesRow,
    position: i64,
    tail: Points,
}

impl PointStream {
    /// Of the series as it is in the snapshot that `conn` reads.
    pub(crate) async fn open(db: &Db, conn: &mut Conn<'_>, state: SeriesRow) -> Result<Self, Error> {
        let tail = store::read_sorted_tail(conn, state.id).await?;
        Ok(Self { db: db.clone(), state, position: 0, tail })
    }

    /// How many points the stream gives.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.state.points.cast_unsigned()
    }

    /// Whether any point came with a step of its own; otherwise steps are 0, 1, 2, ….
    #[must_use]
    pub fn explicit_steps(&self) -> bool {
        self.state.explicit_steps != 0
    }

    /// The next piece, at least one point; none at the end.
    ///
    /// # Errors
    /// [`Error::Conflict`] when the line was replaced, or its earlier points changed, since the stream was made.
    pub async fn next(&mut self) -> Result<Option<Points>, Error> {
        if self.position == self.state.chunks {
            let rest = std::mem::take(&mut self.tail);
            return Ok(Some(rest).filter(|rest| !rest.is_empty()));
        }
        let mut snapshot = self.db.snapshot().await?;
        let mut conn = snapshot.conn();
        let now = store::find_by_id(&mut conn, self.state.id).await?;
        let same = now.is_some_and(|now| now.rewritten == self.state.rewritten);
        let chunk = if same { store::read_chunk(&mut conn, self.state.id, self.position).await? } else { None };
        let chunk =
            chunk.ok_or_else(|| Error::Conflict("the line was changed while it was read; read it again".to_owned()))?;
        self.position += 1;
        // Of the tail, what belongs among this chunk's steps; the rest belongs behind.
        let last = chunk.steps.last().copied().unwrap_or_default();
        let before = self.tail.steps.partition_point(|step| *step < last);
        if before == 0 {
            return Ok(Some(chunk));
        }
        let merged = merge_points(&chunk, &self.tail.slice(0..before), usize::MAX);
        self.tail = self.tail.slice(before..self.tail.len());
        Ok(Some(merged.points))
    }
}
