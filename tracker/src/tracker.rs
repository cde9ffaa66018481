//! The tracker itself: an open database, the hub, and what both need.

use std::{path::PathBuf, sync::Arc};

use domain::Name;

use crate::{
    Error, OpenError,
    blobs::{self, Blobs},
    db::{self, Db, Reader, Snapshot, Write, sql},
    live::{self, Hub, Voice},
    logs::{Group, MayLog},
    people::{KnownTokens, LoginThrottle},
};

/// Where a tracker keeps its things.
#[derive(Debug, Clone)]
pub struct TrackerConfig {
    /// The directory of this server; made when missing.
    pub data_dir: PathBuf,
    /// The database's address; none is a SQLite file in the data directory.
    pub database_url: Option<String>,
    /// Where uploaded bytes are kept; none is a folder in the data directory.
    pub blob_url: Option<String>,
    /// The most bytes that uploaded files may take together; none is as many as the disk takes.
    pub storage_limit: Option<u64>,
    /// The name of the organization that the first owner gets.
    pub organization_name: Name,
}

/// All use cases of Groundglass. Cheap to clone; every clone is the same tracker.
#[derive(Clone)]
pub struct Tracker {
    inner: Arc<Inner>,
}

struct Inner {
    db: Db,
    blobs: Blobs,
    voice: Voice,
    attempts: LoginThrottle,
    known_tokens: KnownTokens,
    may_log: MayLog,
    group: Group,
    organization_name: Name,
    storage_limit: Option<u64>,
}

impl Tracker {
    /// Opens the database, applies the migrations it lacks, and begins to listen to other servers.
    ///
    /// # Errors
    /// [`OpenError`], whose text tells a person what to do.
    pub async fn open(config: TrackerConfig) -> Result<Self, OpenError> {
        db::prepare(&config.data_dir)?;
        let blobs = blobs::open(&config.data_dir, config.blob_url.as_deref())?;
        let db = db::open(&config.data_dir, config.database_url.as_deref()).await?;
        let voice = Voice::start(&db);
        live::listen_to_other_servers(&db, voice.hub());
        let group = Group::start(&db, &voice);
        let inner = Inner {
            db,
            blobs,
            voice,
            attempts: LoginThrottle::new(),
            known_tokens: KnownTokens::new(),
            may_log: MayLog::new(),
            group,
            organization_name: config.organization_name,
            storage_limit: config.storage_limit,
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Whether the database and the store of files answer.
    ///
    /// # Errors
    /// Whatever they say instead of an answer.
    pub async fn ready(&self) -> Result<(), Error> {
        let mut reader = self.read().await?;
        let mut conn = reader.conn();
        let _one: i64 = sql!(conn, |c| sqlx::query_scalar("SELECT CAST(1 AS BIGINT)").fetch_one(c))?;
        self.blobs().ready().await
    }

    /// Waits for what runs and closes the database. Later use cases fail.
    pub async fn close(&self) {
        self.inner.db.close().await;
    }

    pub(crate) async fn read(&self) -> Result<Reader, Error> {
        self.inner.db.read().await
    }

    /// Several reads that belong together.
    pub(crate) async fn snapshot(&self) -> Result<Snapshot, Error> {
        self.inner.db.snapshot().await
    }

    pub(crate) async fn write(&self) -> Result<Write, Error> {
        self.inner.db.write(&self.inner.voice).await
    }

    pub(crate) fn db(&self) -> &Db {
        &self.inner.db
    }

    pub(crate) fn group(&self) -> &Group {
        &self.inner.group
    }

    pub(crate) fn may_log_cache(&self) -> &MayLog {
        &self.inner.may_log
    }

    pub(crate) fn known_tokens(&self) -> &KnownTokens {
        &self.inner.known_tokens
    }

    pub(crate) fn blobs(&self) -> &Blobs {
        &self.inner.blobs
    }

    pub(crate) fn storage_limit(&self) -> Option<u64> {
        self.inner.storage_limit
    }

    pub(crate) fn hub(&self) -> &Hub {
        self.inner.voice.hub()
    }

    pub(crate) fn attempts(&self) -> &LoginThrottle {
        &self.inner.attempts
    }

    pub(crate) fn organization_name(&self) -> &Name {
        &self.inner.organization_name
    }
}
