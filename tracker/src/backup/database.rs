//! The database's part of a backup, on either engine.

use std::path::{Path, PathBuf};

use sqlx::query_as;

use super::{BackupError, postgres, sqlite};
use crate::{
    Tracker, TrackerConfig,
    blobs::Segment,
    db::{Conn, Db, sql},
};

/// The database as it was at one instant.
pub(super) struct Copied {
    pub(super) file: PathBuf,
    /// What its entry is called, which tells the engine.
    pub(super) name: &'static str,
    /// Where the bytes lie that it refers to.
    pub(super) pieces: Vec<Segment>,
}

/// Copies the database into a file in `scratch`.
pub(super) async fn copy(tracker: &Tracker, config: &TrackerConfig, scratch: &Path) -> Result<Copied, BackupError> {
    match tracker.db() {
        Db::Sqlite { read, .. } => sqlite::copy(read, scratch).await,
        Db::Postgres(pool) => postgres::copy(pool, config.database_url.as_deref().unwrap_or(""), scratch).await,
    }
}

/// Where the bytes of all files lie, also of uploads that have not ended.
pub(super) async fn pieces(conn: &mut Conn<'_>) -> Result<Vec<Segment>, sqlx::Error> {
    let found: Vec<(String, i64)> = sql!(*conn, |c| query_as(
        "SELECT storage_key, size FROM blobs
         WHERE NOT EXISTS (SELECT 1 FROM blob_segments WHERE blob_segments.blob_key = blobs.storage_key)
         UNION SELECT storage_key, size FROM blob_segments
         UNION SELECT storage_key, size FROM upload_parts"
    )
    .fetch_all(c))?;
    Ok(found.into_iter().map(|(key, size)| Segment { key, size: size.cast_unsigned() }).collect())
}

/// Where a restored database goes.
pub(super) enum Target<'p> {
    /// A file that is not there yet.
    Sqlite(PathBuf),
    /// The address of a database without our tables.
    Postgres(&'p str),
}

impl<'p> Target<'p> {
    /// The place's database, if there is none yet.
    pub(super) async fn empty(config: &'p TrackerConfig) -> Result<Self, BackupError> {
        match config.database_url.as_deref() {
            Some(url) if postgres::is_address(url) => {
                postgres::require_empty(url).await?;
                Ok(Self::Postgres(url))
            }
            url => Ok(Self::Sqlite(sqlite::free_place(&config.data_dir, url)?)),
        }
    }

    /// The name of the entry that it takes.
    pub(super) fn entry(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => sqlite::ENTRY,
            Self::Postgres(_) => postgres::ENTRY,
        }
    }

    /// Makes the copy in `file` the database there.
    pub(super) async fn load(&self, file: &Path) -> Result<(), BackupError> {
        match self {
            Self::Sqlite(path) => sqlite::put(file, path),
            Self::Postgres(url) => postgres::load(url, file).await,
        }
    }
}
