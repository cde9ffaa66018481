//! Copies and restores a SQLite database. SQLite writes the copy while others read and write.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
};

use sqlx::{
    Connection as _, SqliteConnection, SqlitePool, query, query_as, query_scalar, sqlite::SqliteConnectOptions,
};

use super::{
    BackupError,
    database::{DatabaseCopy, list_segments},
    verify::ReferencedBytes,
};
use crate::{
    blobs::Segment,
    db::{self, Conn},
    private_files::create_private_file,
};

pub(super) const ENTRY_NAME: &str = "groundglass.sqlite3";

/// Copies a snapshot of the database. Writers continue meanwhile; the write-ahead log grows until the copy is complete.
pub(super) async fn copy_database(read: &SqlitePool, scratch: &Path) -> Result<DatabaseCopy, BackupError> {
    let file = scratch.join(ENTRY_NAME);
    let name = file
        .to_str()
        .ok_or_else(|| BackupError::failed("the path of the backup's directory is not valid UTF-8; choose another"))?;
    // SQLite writes to an empty file, and keeps its mode.
    create_private_file(&file).map_err(BackupError::Write)?;
    query("VACUUM INTO $1").bind(name).execute(read).await?;
    let mut copy = SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(&file)).await?;
    // The deletion lease of this backup must not remain in the copy.
    query("DELETE FROM byte_holds").execute(&mut copy).await?;
    let segments = list_segments(&mut Conn::Sqlite(&mut copy)).await?;
    copy.close().await?;
    Ok(DatabaseCopy { file, entry_name: ENTRY_NAME, segments })
}

/// Checks that a file is an undamaged database of Groundglass, and returns the bytes that it refers to.
pub(super) async fn check_copy(file: &Path) -> Result<ReferencedBytes, BackupError> {
    let damaged = |reason: &str| {
        BackupError::failed(format!("the database in this backup is damaged ({reason}); use another copy"))
    };
    // An empty file is an empty database for SQLite.
    if fs::metadata(file).map_err(BackupError::Read)?.len() == 0 {
        return Err(damaged("it is empty"));
    }
    let unreadable = |error: sqlx::Error| damaged(&error.to_string());
    let options = SqliteConnectOptions::new().filename(file);
    let mut copy = SqliteConnection::connect_with(&options).await.map_err(unreadable)?;
    let check: String = query_scalar("PRAGMA integrity_check(1)").fetch_one(&mut copy).await.map_err(unreadable)?;
    if check != "ok" {
        return Err(damaged(&check));
    }
    let migrated: i64 =
        query_scalar("SELECT COUNT(*) FROM sqlite_schema WHERE name IN ('_sqlx_migrations', 'blobs', 'experiments')")
            .fetch_one(&mut copy)
            .await
            .map_err(unreadable)?;
    if migrated < 3 {
        return Err(damaged("it has no tables of Groundglass"));
    }
    let referenced = read_referenced_bytes(&mut copy).await?;
    copy.close().await?;
    Ok(referenced)
}

async fn read_referenced_bytes(copy: &mut SqliteConnection) -> Result<ReferencedBytes, sqlx::Error> {
    let segment = |key, size: i64| Segment { key, size: size.cast_unsigned() };
    let files: Vec<(Vec<u8>, String, i64)> =
        query_as("SELECT sha256, storage_key, size FROM blobs").fetch_all(&mut *copy).await?;
    let segments: Vec<(String, i64, String, i64)> =
        query_as("SELECT blob_key, position, storage_key, size FROM blob_segments").fetch_all(&mut *copy).await?;
    let parts: Vec<(String, i64)> = query_as("SELECT storage_key, size FROM upload_parts").fetch_all(copy).await?;
    Ok(ReferencedBytes {
        files: files.into_iter().map(|(sha256, key, size)| (sha256, segment(key, size))).collect(),
        segments: segments.into_iter().map(|(file, at, key, size)| (file, at, segment(key, size))).collect(),
        parts: parts.into_iter().map(|(key, size)| segment(key, size)).collect(),
    })
}

/// Returns the path to restore the database to. Fails if the file exists.
pub(super) fn require_new_file(data_dir: &Path, url: Option<&str>) -> Result<PathBuf, BackupError> {
    let path = db::sqlite_file(data_dir, url)?;
    if path.exists() {
        return Err(BackupError::failed(format!(
            "the database {} already exists; restore into an empty directory with --data-dir",
            path.display()
        )));
    }
    Ok(path)
}

/// Moves a copy to `path` durably.
pub(super) fn move_into_place(file: &Path, path: &Path) -> Result<(), BackupError> {
    let sync_and_rename = || {
        File::open(file)?.sync_all()?;
        fs::rename(file, path)?;
        path.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all())
    };
    sync_and_rename().map_err(|error| BackupError::failed(format!("cannot write {}: {error}", path.display())))
}
