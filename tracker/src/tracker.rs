//! The tracker: an open database, the file storage, the live hub and their shared state.

use std::{path::PathBuf, sync::Arc};

use domain::{Instant, Name};

use crate::{
    Error, OpenError, backup,
    blobs::{self, Blobs},
    clock,
    db::{self, Db, Reader, Snapshot, Write, sql},
    experiments::WriteRecorder,
    live::{self, Hub, Publisher},
    logs::{LogAccessCache, LogWriter},
    people::{LoginThrottle, TokenCache},
};

/// Where a tracker stores its data.
#[derive(Debug, Clone)]
pub struct TrackerConfig {
    /// The data directory of this server. Created if missing.
    pub data_dir: PathBuf,
    /// The database URL; `None` means a SQLite file in the data directory.
    pub database_url: Option<String>,
    /// The URL of the file storage; `None` means a directory in the data directory.
    pub blob_url: Option<String>,
    /// Maximum total size of uploaded files, in bytes; `None` means as much as the disk holds.
    pub storage_limit: Option<u64>,
    /// The name of the organization created for the first owner.
    pub organization_name: Name,
}

/// All use cases of Groundglass. Cheap to clone; clones share their state.
#[derive(Clone)]
pub struct Tracker {
    inner: Arc<Inner>,
}

struct Inner {
    db: Db,
    blobs: Blobs,
    publisher: Publisher,
    login_throttle: LoginThrottle,
    token_cache: TokenCache,
    log_access: LogAccessCache,
    log_writer: LogWriter,
    write_recorder: WriteRecorder,
    organization_name: Name,
    storage_limit: Option<u64>,
}

impl Tracker {
    /// Opens the database and the file storage, applies missing migrations, and starts listening to other servers.
    ///
    /// # Errors
    /// Returns [`OpenError`], whose message says what to do.
    pub async fn open(config: TrackerConfig) -> Result<Self, OpenError> {
        db::prepare_data_dir(&config.data_dir)?;
        let blobs = blobs::open_blobs(&config.data_dir, config.blob_url.as_deref())?;
        prepare_files(&config, &blobs).await?;
        let db = db::open_database(&config.data_dir, config.database_url.as_deref()).await?;
        let publisher = Publisher::start(&db);
        live::listen_to_other_servers(&db, publisher.hub());
        let write_recorder = WriteRecorder::new();
        let log_writer = LogWriter::start(&db, &publisher, &write_recorder);
        let access = publisher.hub().access().clone();
        let inner = Inner {
            db,
            blobs,
            publisher,
            login_throttle: LoginThrottle::new(),
            token_cache: TokenCache::of_access(&access),
            log_access: LogAccessCache::new(&access),
            log_writer,
            write_recorder,
            organization_name: config.organization_name,
            storage_limit: config.storage_limit,
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Checks that the database and the file storage respond and accept writes.
    ///
    /// # Errors
    /// Returns the error of the one that does not.
    pub async fn ready(&self) -> Result<(), Error> {
        let mut reader = self.read().await?;
        let mut conn = reader.conn();
        let _one: i64 = sql!(conn, |c| sqlx::query_scalar("SELECT CAST(1 AS BIGINT)").fetch_one(c))?;
        drop(reader);
        self.db().require_writable().await?;
        self.blobs().ready().await
    }

    /// Returns the current time, for comparison with recorded times.
    #[must_use]
    pub fn now(&self) -> Instant {
        clock::now()
    }

    /// Waits for running statements and closes the database. Later use cases fail.
    pub async fn close(&self) {
        self.inner.db.close().await;
    }

    pub(crate) async fn read(&self) -> Result<Reader, Error> {
        self.inner.db.read().await
    }

    /// Returns a consistent snapshot for several related reads.
    pub(crate) async fn snapshot(&self) -> Result<Snapshot, Error> {
        self.inner.db.snapshot().await
    }

    pub(crate) async fn write(&self) -> Result<Write, Error> {
        self.inner.db.write(&self.inner.publisher).await
    }

    /// Begins a write transaction that may use the disk reserve: for signing in, and for deleting. Others would fill the
    /// reserve before users can free space.
    pub(crate) async fn write_from_reserve(&self) -> Result<Write, Error> {
        self.inner.db.write_from_reserve(&self.inner.publisher).await
    }

    pub(crate) fn db(&self) -> &Db {
        &self.inner.db
    }

    pub(crate) fn publisher(&self) -> &Publisher {
        &self.inner.publisher
    }

    pub(crate) fn log_writer(&self) -> &LogWriter {
        &self.inner.log_writer
    }

    pub(crate) fn write_recorder(&self) -> &WriteRecorder {
        &self.inner.write_recorder
    }

    pub(crate) fn log_access_cache(&self) -> &LogAccessCache {
        &self.inner.log_access
    }

    pub(crate) fn token_cache(&self) -> &TokenCache {
        &self.inner.token_cache
    }

    pub(crate) fn blobs(&self) -> &Blobs {
        &self.inner.blobs
    }

    pub(crate) fn storage_limit(&self) -> Option<u64> {
        self.inner.storage_limit
    }

    pub(crate) fn hub(&self) -> &Hub {
        self.inner.publisher.hub()
    }

    pub(crate) fn login_throttle(&self) -> &LoginThrottle {
        &self.inner.login_throttle
    }

    pub(crate) fn organization_name(&self) -> &Name {
        &self.inner.organization_name
    }
}

/// Removes what killed processes left, and checks that the database belongs to the uploaded files.
///
/// # Errors
/// Returns [`OpenError::Lost`] if a SQLite database has no content, but there are uploaded files.
async fn prepare_files(config: &TrackerConfig, blobs: &Blobs) -> Result<(), OpenError> {
    let Ok(file) = db::sqlite_file(&config.data_dir, config.database_url.as_deref()) else {
        backup::remove_leftovers(&config.data_dir, blobs, false).await;
        return Ok(());
    };
    let is_new = db::is_new_sqlite_file(&file);
    backup::remove_leftovers(&config.data_dir, blobs, is_new).await;
    if is_new && !blobs.is_empty().await {
        return Err(OpenError::Lost { file });
    }
    Ok(())
}
