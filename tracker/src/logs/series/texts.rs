//! Entries of lines that are not numbers, stored as JSON beside the points.

use std::{collections::HashMap, sync::Arc};

use sqlx::query_as;

use crate::{
    Error,
    db::{Conn, Db, bulk, sql},
};

/// Maximum number of rows in one statement. SQLite accepts 32,766 values.
const MAX_ROWS_PER_STATEMENT: usize = 10_000;
/// Maximum number of entries that are read at once.
const MAX_ENTRIES_READ: i64 = 256;
/// Maximum number of characters that are read at once, unless a single entry is longer.
const MAX_CHARACTERS_READ: i64 = 1 << 20;

/// An entry to insert: series id, position among the entries of the series, JSON.
pub(crate) type NewText = (i64, i64, Arc<str>);

/// Inserts entries.
pub(crate) async fn insert_texts(conn: &mut Conn<'_>, texts: &[NewText]) -> Result<(), Error> {
    for chunk in texts.chunks(MAX_ROWS_PER_STATEMENT) {
        bulk!(*conn, "INSERT INTO series_texts (series_id, position, json) ", |q| {
            q.push_values(chunk, |mut row, (series, position, json)| {
                row.push_bind(*series).push_bind(*position).push_bind(Arc::clone(json));
            })
        })?;
    }
    Ok(())
}

/// Returns the last entries of a series, at most `most` with at most `max_characters` each, in their order. Longer ones are cut.
pub(crate) async fn read_last_texts(
    conn: &mut Conn<'_>,
    series: i64,
    most: i64,
    max_characters: i32,
) -> Result<Vec<String>, Error> {
    let mut rows: Vec<(i64, String)> = sql!(*conn, |c| {
        query_as(
        "SELECT position, SUBSTR(json, 1, $3) FROM series_texts WHERE series_id = $1 ORDER BY position DESC LIMIT $2"
    )
    .bind(series)
    .bind(most)
    .bind(max_characters)
    .fetch_all(c)
    })?;
    rows.reverse();
    Ok(rows.into_iter().map(|(_, json)| json).collect())
}

/// Reads the entries of a series as their points come, a few at a time.
#[derive(Clone)]
pub(crate) struct TextReader {
    db: Db,
    series: i64,
    read: HashMap<u64, String>,
}

impl TextReader {
    pub(crate) fn new(db: &Db, series: i64) -> Self {
        Self { db: db.clone(), series, read: HashMap::new() }
    }

    /// Returns the JSON of the entry at a position.
    ///
    /// # Errors
    /// Returns [`Error::Conflict`] if the entry no longer exists.
    pub(crate) async fn read(&mut self, position: u64) -> Result<&str, Error> {
        if !self.read.contains_key(&position) {
            self.read = self.read_from(position).await?;
        }
        self.read
            .get(&position)
            .map(String::as_str)
            .ok_or_else(|| Error::Conflict("the line was changed while it was being read; read it again".to_owned()))
    }

    /// Reads the entry at a position and some that follow, which will probably be needed next.
    async fn read_from(&self, position: u64) -> Result<HashMap<u64, String>, Error> {
        let first = i64::try_from(position).map_err(Error::unexpected)?;
        let mut snapshot = self.db.snapshot().await?;
        let mut conn = snapshot.conn();
        let lengths: Vec<(i64, i64)> = sql!(conn, |c| {
            query_as(
            "SELECT position, CAST(LENGTH(json) AS BIGINT) FROM series_texts WHERE series_id = $1 AND position >= $2
             ORDER BY position LIMIT $3"
        )
        .bind(self.series)
        .bind(first)
        .bind(MAX_ENTRIES_READ)
        .fetch_all(c)
        })?;
        let mut characters = 0;
        let fits = |(index, (_, length)): &(usize, &(i64, i64))| {
            characters += length;
            *index == 0 || characters <= MAX_CHARACTERS_READ
        };
        let last = lengths.iter().enumerate().take_while(fits).map(|(_, (position, _))| *position).last();
        let rows: Vec<(i64, String)> = sql!(conn, |c| query_as(
            "SELECT position, json FROM series_texts WHERE series_id = $1 AND position BETWEEN $2 AND $3"
        )
        .bind(self.series)
        .bind(first)
        .bind(last.unwrap_or(first))
        .fetch_all(c))?;
        Ok(rows.into_iter().map(|(position, json)| (position.cast_unsigned(), json)).collect())
    }
}
