//! The database in a backup, for both engines.

use std::path::{Path, PathBuf};

use sqlx::query_as;

use super::{BackupError, postgres, sqlite, verify::ReferencedBytes};
use crate::{
    Tracker, TrackerConfig,
    blobs::Segment,
    db::{self, Conn, Db, sql},
};

/// A consistent copy of the database.
pub(super) struct DatabaseCopy {
    pub(super) file: PathBuf,
    /// Name of its entry, which depends on the engine.
    pub(super) entry_name: &'static str,
    /// The segments that the copy refers to.
    pub(super) segments: Vec<Segment>,
}

/// Copies the database to a file in `scratch`.
pub(super) async fn copy_database(
    tracker: &Tracker,
    config: &TrackerConfig,
    scratch: &Path,
) -> Result<DatabaseCopy, BackupError> {
    match tracker.db() {
        Db::Sqlite { read, .. } => sqlite::copy_database(read, scratch).await,
        Db::Postgres(pool) => {
            postgres::copy_database(pool, config.database_url.as_deref().unwrap_or(""), scratch).await
        }
    }
}

/// Returns the segments of all files, including those of unfinished uploads.
pub(super) async fn list_segments(conn: &mut Conn<'_>) -> Result<Vec<Segment>, sqlx::Error> {
    let found: Vec<(String, i64)> = sql!(*conn, |c| query_as(
        "SELECT storage_key, size FROM blobs
         WHERE NOT EXISTS (SELECT 1 FROM blob_segments WHERE blob_segments.blob_key = blobs.storage_key)
         UNION SELECT storage_key, size FROM blob_segments
         UNION SELECT storage_key, size FROM upload_parts"
    )
    .fetch_all(c))?;
    Ok(found.into_iter().map(|(key, size)| Segment { key, size: size.cast_unsigned() }).collect())
}

/// The database to restore to.
pub(super) enum RestoreTarget<'c> {
    /// A file that does not exist yet.
    Sqlite(PathBuf),
    /// The URL of a database without Groundglass tables.
    Postgres(&'c str),
}

impl<'c> RestoreTarget<'c> {
    /// Returns the database that `config` names.
    ///
    /// # Errors
    /// Returns [`BackupError::Failed`] if it exists already or cannot be reached.
    pub(super) async fn require_empty(config: &'c TrackerConfig) -> Result<Self, BackupError> {
        match config.database_url.as_deref() {
            Some(url) if postgres::is_postgres_url(url) => {
                postgres::require_empty(url).await?;
                Ok(Self::Postgres(url))
            }
            url => Ok(Self::Sqlite(sqlite::require_new_file(&config.data_dir, url)?)),
        }
    }

    /// Returns the name of the entry to load.
    pub(super) fn entry_name(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => sqlite::ENTRY_NAME,
            Self::Postgres(_) => postgres::ENTRY_NAME,
        }
    }

    /// Checks that the copy in `file` is an undamaged database of Groundglass. Returns the bytes that it refers to.
    ///
    /// # Errors
    /// Returns [`BackupError::Failed`] if it is not.
    pub(super) async fn check_copy(&self, file: &Path) -> Result<ReferencedBytes, BackupError> {
        match self {
            Self::Sqlite(_) => sqlite::check_copy(file).await,
            Self::Postgres(_) => postgres::check_dump(file).await,
        }
    }

    /// Loads the copy in `file`.
    pub(super) async fn load(&self, file: &Path) -> Result<(), BackupError> {
        match self {
            Self::Sqlite(path) => {
                // Migrated before, so that a failing migration leaves nothing behind.
                db::migrate_sqlite_file(file).await?;
                sqlite::move_into_place(file, path)
            }
            Self::Postgres(url) => postgres::load_dump(url, file).await,
        }
    }
}
