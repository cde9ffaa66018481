//! SQLite's copy: a database of its own, written by SQLite beside all readers and writers.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
};

use sqlx::{Connection as _, SqliteConnection, SqlitePool, query, sqlite::SqliteConnectOptions};

use super::{
    BackupError,
    database::{Copied, pieces},
};
use crate::db::{self, Conn};

pub(super) const ENTRY: &str = "groundglass.sqlite3";

/// Copies what one instant sees. Writers go on; their log grows meanwhile.
pub(super) async fn copy(read: &SqlitePool, scratch: &Path) -> Result<Copied, BackupError> {
    let file = scratch.join(ENTRY);
    let name = file.to_str().ok_or_else(|| BackupError::refused("the backup's folder has no readable name"))?;
    query("VACUUM INTO $1").bind(name).execute(read).await?;
    let mut copy = SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(&file)).await?;
    // The hold that protects this copy's bytes is nobody's in the copy.
    query("DELETE FROM byte_holds").execute(&mut copy).await?;
    let pieces = pieces(&mut Conn::Sqlite(&mut copy)).await?;
    copy.close().await?;
    Ok(Copied { file, name: ENTRY, pieces })
}

/// Where a database goes that is restored.
pub(super) fn free_place(data_dir: &Path, url: Option<&str>) -> Result<PathBuf, BackupError> {
    let path = db::sqlite_file(data_dir, url)?;
    if path.exists() {
        return Err(BackupError::refused(format!(
            "there is a database already: {}; restore into an empty directory with --data-dir",
            path.display()
        )));
    }
    Ok(path)
}

/// Puts a copy where it is wanted, durably.
pub(super) fn put(file: &Path, path: &Path) -> Result<(), BackupError> {
    let put = || {
        File::open(file)?.sync_all()?;
        fs::rename(file, path)?;
        path.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all())
    };
    put().map_err(|error| BackupError::refused(format!("cannot write {}: {error}", path.display())))
}
