//! Copies and restores a SQLite database. SQLite writes the copy while others read and write.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
};

use sqlx::{Connection as _, SqliteConnection, SqlitePool, query, sqlite::SqliteConnectOptions};

use super::{
    BackupError,
    database::{DatabaseCopy, list_segments},
};
use crate::db::{self, Conn};

pub(super) const ENTRY_NAME: &str = "groundglass.sqlite3";

/// Copies a snapshot of the database. Writers continue meanwhile; the write-ahead log grows until the copy is complete.
pub(super) async fn copy_database(read: &SqlitePool, scratch: &Path) -> Result<DatabaseCopy, BackupError> {
    let file = scratch.join(ENTRY_NAME);
    let name = file
        .to_str()
        .ok_or_else(|| BackupError::failed("the path of the backup's directory is not valid UTF-8; choose another"))?;
    query("VACUUM INTO $1").bind(name).execute(read).await?;
    let mut copy = SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(&file)).await?;
    // The deletion lease of this backup must not remain in the copy.
    query("DELETE FROM byte_holds").execute(&mut copy).await?;
    let segments = list_segments(&mut Conn::Sqlite(&mut copy)).await?;
    copy.close().await?;
    Ok(DatabaseCopy { file, entry_name: ENTRY_NAME, segments })
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
