//! Where a measured program keeps its data, and how much room that takes.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use domain::Name;
use sqlx::{Connection as _, PgConnection};
use tempfile::TempDir;
use tracker::Tracker;

/// The engine to measure.
#[derive(Debug, Clone)]
pub enum Engine {
    /// The one inside.
    Sqlite,
    /// A server, by the address of one of its databases.
    Postgres(String),
}

impl Engine {
    /// What people call it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres(_) => "PostgreSQL",
        }
    }
}

/// An empty data directory, and a new database where the engine is a server. Both are gone with it.
#[derive(Debug)]
pub struct Place {
    dir: TempDir,
    /// The address of the database, and of one from which it can be dropped.
    database: Option<(String, String)>,
}

impl Place {
    /// Makes a place. The name tells its database from others of the same run.
    pub async fn new(engine: &Engine, name: &str) -> Result<Self> {
        // In the target folder: where temporary files are, a disk may be memory.
        let dir = tempfile::Builder::new().prefix("groundglass-bench-").tempdir_in(std::env::current_dir()?)?;
        let database = match engine {
            Engine::Sqlite => None,
            Engine::Postgres(cluster) => {
                let name = format!("groundglass_bench_{name}_{}", std::process::id());
                run(cluster, &format!("CREATE DATABASE {name}")).await?;
                let (head, _) = cluster.rsplit_once('/').context("the address of PostgreSQL names no database")?;
                Some((format!("{head}/{name}"), cluster.clone()))
            }
        };
        Ok(Self { dir, database })
    }

    /// The data directory.
    pub fn data_dir(&self) -> &Path {
        self.dir.path()
    }

    /// The database's address, where it is a server.
    pub fn database_url(&self) -> Option<&str> {
        self.database.as_ref().map(|(url, _)| url.as_str())
    }

    /// Opens the tracker there; no program may run on it.
    pub async fn open(&self) -> Result<Tracker> {
        let place = tracker::TrackerConfig {
            data_dir: self.data_dir().to_owned(),
            database_url: self.database_url().map(str::to_owned),
            blob_url: None,
            storage_limit: None,
            organization_name: Name::parse("Personal")?,
        };
        // Its future is large, and would be part of all that wait for it.
        Ok(Box::pin(Tracker::open(place)).await?)
    }

    /// How many bytes the data takes: files and, where it is a server, the database.
    pub async fn size(&self) -> Result<u64> {
        let files = size_of(self.data_dir())?;
        let Some((url, _)) = &self.database else { return Ok(files) };
        let mut connection = PgConnection::connect(url).await?;
        let size: i64 =
            sqlx::query_scalar("SELECT pg_database_size(current_database())").fetch_one(&mut connection).await?;
        connection.close().await?;
        Ok(files + u64::try_from(size)?)
    }

    /// Gives back to the disk what the database holds for rows that are gone. SQLite and PostgreSQL use it again for new ones.
    pub async fn tidy(&self) -> Result<()> {
        match &self.database {
            Some((url, _)) => run(url, "VACUUM FULL").await,
            None => Ok(()),
        }
    }

    /// Removes everything.
    pub async fn remove(self) -> Result<()> {
        if let Some((url, cluster)) = &self.database {
            let name = url.rsplit('/').next().unwrap_or_default();
            run(cluster, &format!("DROP DATABASE {name} WITH (FORCE)")).await?;
        }
        Ok(self.dir.close()?)
    }
}

async fn run(url: &str, statement: &str) -> Result<()> {
    let mut connection = PgConnection::connect(url).await.context("cannot reach PostgreSQL")?;
    sqlx::raw_sql(sqlx::AssertSqlSafe(statement.to_owned())).execute(&mut connection).await?;
    Ok(connection.close().await?)
}

fn size_of(folder: &Path) -> Result<u64> {
    let mut size = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let metadata = entry.metadata()?;
        size += if metadata.is_dir() { size_of(&entry.path())? } else { metadata.len() };
    }
    Ok(size)
}
