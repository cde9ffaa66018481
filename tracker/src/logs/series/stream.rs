//! Streams all points of a line, one piece at a time.

use domain::logs::Points;

use super::{merge::merge_points, series_row::SeriesRow, store, texts::TextReader};
use crate::{
    Error,
    db::{Conn, Db},
};

/// All points of a line in the order of (step, arrival), as of the creation of the stream.
///
/// Holds at most one chunk and the tail in memory. A clone continues from the same position.
#[derive(Clone)]
pub struct PointStream {
    db: Db,
    state: SeriesRow,
    position: i64,
    tail: Points,
    texts: TextReader,
}

impl PointStream {
    /// Opens a stream of a series as of the snapshot of `conn`.
    pub(crate) async fn open(db: &Db, conn: &mut Conn<'_>, state: SeriesRow) -> Result<Self, Error> {
        let tail = store::read_sorted_tail(conn, state.id).await?;
        let texts = TextReader::new(db, state.id);
        Ok(Self { db: db.clone(), state, position: 0, tail, texts })
    }

    /// Returns the number of points of the line.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.state.points.cast_unsigned()
    }

    /// Returns whether the script sent a step with any point. Otherwise steps are 0, 1, 2, ….
    #[must_use]
    pub fn explicit_steps(&self) -> bool {
        self.state.explicit_steps != 0
    }

    /// Returns the JSON of an entry that is not a number. `position` is the [`text_position`](domain::logs::Reading::text_position) of its point.
    ///
    /// # Errors
    /// Returns [`Error::Conflict`] if the line was replaced since the stream was opened.
    pub async fn text(&mut self, position: u64) -> Result<&str, Error> {
        self.texts.read(position).await
    }

    /// Returns the next piece with at least one point, or `None` at the end.
    ///
    /// # Errors
    /// Returns [`Error::Conflict`] if the line was replaced or its earlier points changed since the stream was opened.
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
        let chunk = chunk
            .ok_or_else(|| Error::Conflict("the line was changed while it was being read; read it again".to_owned()))?;
        self.position += 1;
        // Merges the points of the tail that precede the end of this chunk. The others follow later.
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
