//! The tracker itself: an open database, the hub, and what both need.

use std::{path::PathBuf, sync::Arc};

use domain::Name;

use crate::{
    Error, OpenError,
    db::{self, Db, Reader, Write, sql},
    live::{self, Hub},
    people::Attempts,
};

/// Where a tracker keeps its things.
#[derive(Debug, Clone)]
pub struct Place {
    /// The directory of this server; made when missing.
    pub data_dir: PathBuf,
    /// The database's address; none is a SQLite file in the data directory.
    pub database_url: Option<String>,
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
    hub: Hub,
    attempts: Attempts,
    organization_name: Name,
}

impl Tracker {
    /// Opens the database, applies the migrations it lacks, and begins to listen to other servers.
    ///
    /// # Errors
    /// [`OpenError`], whose text tells a person what to do.
    pub async fn open(place: Place) -> Result<Self, OpenError> {
        db::prepare(&place.data_dir)?;
        let db = db::open(&place.data_dir, place.database_url.as_deref()).await?;
        let hub = Hub::new();
        live::listen_to_other_servers(&db, &hub);
        let attempts = Attempts::new();
        Ok(Self { inner: Arc::new(Inner { db, hub, attempts, organization_name: place.organization_name }) })
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// Whatever the database says instead of an answer.
    pub async fn ready(&self) -> Result<(), Error> {
        let mut reader = self.read().await?;
        let mut conn = reader.conn();
        let _one: i64 = sql!(conn, |c| sqlx::query_scalar("SELECT CAST(1 AS BIGINT)").fetch_one(c))?;
        Ok(())
    }

    /// Waits for what runs and closes the database. Later use cases fail.
    pub async fn close(&self) {
        self.inner.db.close().await;
    }

    pub(crate) async fn read(&self) -> Result<Reader, Error> {
        self.inner.db.read().await
    }

    pub(crate) async fn write(&self) -> Result<Write, Error> {
        self.inner.db.write(&self.inner.hub).await
    }

    pub(crate) fn hub(&self) -> &Hub {
        &self.inner.hub
    }

    pub(crate) fn attempts(&self) -> &Attempts {
        &self.inner.attempts
    }

    pub(crate) fn organization_name(&self) -> &Name {
        &self.inner.organization_name
    }
}
