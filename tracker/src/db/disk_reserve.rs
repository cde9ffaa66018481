//! Disk reserve: a file beside a SQLite database that is deleted when the disk is full, so that users can sign in and delete
//! data.
//!
//! SQLite appends every commit to its write-ahead log, also one that deletes. While the reserve is released, only writes that
//! may use it are accepted; others would fill the space at once. The file is written again when there is space.

use std::{
    fs, io,
    io::Write as _,
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, Instant},
};

use sqlx::SqlitePool;
use tokio::{sync::Mutex, task::spawn_blocking};

use crate::{Error, error::Failure};

/// Size of the file: twice the write-ahead log that SQLite accumulates before it copies it to the database.
const RESERVE_BYTES: u64 = 8 << 20;
/// Free space that must remain when the file is written again.
const MARGIN_BYTES: u64 = 1 << 20;
/// Free pages in the database that make a reserve unnecessary: deleted data leaves them, and new data uses them.
const FREE_PAGE_BYTES: i64 = 32 << 20;
/// Time between two checks whether there is space again.
const CHECK_INTERVAL: Duration = Duration::from_secs(1);
/// Time between two attempts to shorten the write-ahead log, which wait for readers.
const CHECKPOINT_INTERVAL: Duration = Duration::from_secs(10);

/// The file, and whether it exists.
pub(super) struct DiskReserve {
    file: PathBuf,
    is_held: AtomicBool,
    checks: Mutex<Checks>,
}

#[derive(Default)]
struct Checks {
    /// Time and result of the last check.
    last: Option<(Instant, bool)>,
    last_checkpoint: Option<Instant>,
}

impl DiskReserve {
    /// Returns the reserve of the database at `database`, released if the disk is nearly full. Opening a database needs some
    /// space.
    pub(super) fn open(database: &Path) -> Self {
        let file = super::sqlite_files::companion(database, "-reserve");
        let is_held = match free_bytes(&file) {
            Ok(free) if free < RESERVE_BYTES => {
                let _ = fs::remove_file(&file);
                false
            }
            Ok(free) => is_complete(&file) || (free >= RESERVE_BYTES + MARGIN_BYTES && write_file(&file).is_ok()),
            // An unknown amount of space, as on a database in memory.
            Err(_) => true,
        };
        Self { file, is_held: AtomicBool::new(is_held), checks: Mutex::default() }
    }

    /// Returns the folder of the file.
    pub(super) fn folder(&self) -> &Path {
        folder_of(&self.file)
    }

    /// Deletes the file if the disk is nearly full, so that a write that frees space succeeds.
    pub(super) async fn release_if_needed(&self) {
        let file = self.file.clone();
        let released = spawn_blocking(move || {
            let is_low = free_bytes(&file).is_ok_and(|free| free < RESERVE_BYTES);
            is_low && fs::remove_file(&file).is_ok()
        });
        if released.await.unwrap_or(false) {
            self.is_held.store(false, Ordering::Release);
            self.checks.lock().await.last = None;
            tracing::warn!("the disk is full; only signing in and deleting are possible until there is space");
        }
    }

    /// Checks that the file exists, or writes it again if there is space. Checks at most once per [`CHECK_INTERVAL`].
    ///
    /// # Errors
    /// Returns [`Error::Full`] if there is no space for it.
    pub(super) async fn require_held(&self, pool: &SqlitePool) -> Result<(), Error> {
        if self.is_held.load(Ordering::Acquire) {
            return Ok(());
        }
        let full = || Error::from_failure(Failure::FullDatabase);
        let mut checks = self.checks.lock().await;
        if let Some((at, has_space)) = checks.last
            && at.elapsed() < CHECK_INTERVAL
        {
            return if has_space { Ok(()) } else { Err(full()) };
        }
        let has_space = self.try_restore(pool, &mut checks.last_checkpoint).await;
        checks.last = Some((Instant::now(), has_space));
        if has_space { Ok(()) } else { Err(full()) }
    }

    /// Writes the file again if there is space. Returns whether writes may continue.
    async fn try_restore(&self, pool: &SqlitePool, last_checkpoint: &mut Option<Instant>) -> bool {
        if self.try_write_file().await {
            return true;
        }
        if last_checkpoint.is_none_or(|at| at.elapsed() >= CHECKPOINT_INTERVAL) {
            *last_checkpoint = Some(Instant::now());
            // Frees the space of the write-ahead log.
            let truncated = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(pool).await;
            if truncated.is_ok() && self.try_write_file().await {
                return true;
            }
        }
        let free_pages = "SELECT freelist_count * page_size FROM pragma_freelist_count, pragma_page_size";
        let free_pages: Result<i64, _> = sqlx::query_scalar(free_pages).fetch_one(pool).await;
        free_pages.is_ok_and(|bytes| bytes >= FREE_PAGE_BYTES)
    }

    async fn try_write_file(&self) -> bool {
        let file = self.file.clone();
        let written = spawn_blocking(move || {
            let has_space = free_bytes(&file).is_ok_and(|free| free >= RESERVE_BYTES + MARGIN_BYTES);
            is_complete(&file) || (has_space && write_file(&file).is_ok())
        });
        let is_held = written.await.unwrap_or(false);
        if is_held {
            self.is_held.store(true, Ordering::Release);
            tracing::info!("the disk has space again; all writes are possible");
        }
        is_held
    }
}

fn free_bytes(file: &Path) -> io::Result<u64> {
    fs4::available_space(folder_of(file))
}

/// Returns the folder of a file, which may have a relative path.
fn folder_of(file: &Path) -> &Path {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn is_complete(file: &Path) -> bool {
    fs::metadata(file).is_ok_and(|found| found.len() == RESERVE_BYTES)
}

/// Writes the file with random bytes, which a compressing file system cannot shrink. Leaves no incomplete file. Does not sync it,
/// because file systems take the space when they accept a write.
fn write_file(file: &Path) -> io::Result<()> {
    let mut random = vec![0; 1 << 20];
    getrandom::fill(&mut random).map_err(io::Error::other)?;
    let mut reserve = tempfile::NamedTempFile::new_in(folder_of(file))?;
    for _ in 0..RESERVE_BYTES >> 20 {
        reserve.write_all(&random)?;
    }
    reserve.persist(file).map_err(|error| error.error)?;
    Ok(())
}
