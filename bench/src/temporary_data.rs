//! The temporary data of a measured server, and the space that it takes.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use domain::Name;
use sqlx::{Connection as _, PgConnection};
use tempfile::TempDir;
use test_instance::{InstanceConfig, TestInstance};
use tracker::{Tracker, TrackerConfig};

/// The database engine to measure.
#[derive(Debug, Clone)]
pub enum DatabaseEngine {
    /// The embedded database.
    Sqlite,
    /// A PostgreSQL cluster, by the URL of one of its databases.
    Postgres(String),
}

impl DatabaseEngine {
    /// Returns SQLite, and PostgreSQL if its URL is given.
    pub fn all(postgres_url: Option<&String>) -> Vec<Self> {
        let mut engines = vec![Self::Sqlite];
        engines.extend(postgres_url.cloned().map(Self::Postgres));
        engines
    }

    /// The product name.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres(_) => "PostgreSQL",
        }
    }
}

/// A new data directory and, with PostgreSQL, a new database.
#[derive(Debug)]
pub struct TemporaryData {
    dir: TempDir,
    config: InstanceConfig,
    /// The URL of the PostgreSQL database from which the new one can be dropped.
    admin_url: Option<String>,
}

impl TemporaryData {
    /// Creates the directory and the database for a server of this binary. `name` makes the name of the database unique in
    /// this run.
    pub async fn create(engine: &DatabaseEngine, binary: &Path, name: &str) -> Result<Self> {
        let dir = create_temporary_dir()?;
        let config = InstanceConfig::new(binary, dir.path());
        let DatabaseEngine::Postgres(admin_url) = engine else { return Ok(Self { dir, config, admin_url: None }) };
        let name = format!("groundglass_bench_{name}_{}", std::process::id());
        execute_sql(admin_url, &format!("CREATE DATABASE {name}")).await?;
        let (head, _) = admin_url.rsplit_once('/').context("the PostgreSQL URL has no database")?;
        let config = config.with_database_url(format!("{head}/{name}"));
        Ok(Self { dir, config, admin_url: Some(admin_url.clone()) })
    }

    /// The configuration of a server on this data.
    pub fn config(&self) -> &InstanceConfig {
        &self.config
    }

    /// The data directory.
    pub fn data_dir(&self) -> &Path {
        self.dir.path()
    }

    /// The URL of the PostgreSQL database; `None` for SQLite.
    pub fn database_url(&self) -> Option<&str> {
        self.config.database_url()
    }

    /// Starts the server with warnings only in its log, and waits until it is ready.
    pub fn start_server(&self) -> Result<TestInstance> {
        self.start_server_with(&[])
    }

    /// Starts the server with more arguments.
    pub fn start_server_with(&self, arguments: &[&str]) -> Result<TestInstance> {
        self.config.clone().with_serve_arguments(&["--log", "warn"]).with_serve_arguments(arguments).start()
    }

    /// Starts the server with a log of all requests, as JSON in `file`, and waits until it is ready.
    pub fn start_server_with_request_log(&self, file: &Path) -> Result<TestInstance> {
        let config = self.config.clone().with_log_file(file);
        config.with_serve_arguments(&["--log", "info", "--log-format", "json"]).start()
    }

    /// Opens the tracker on this data. No server may run on it.
    pub async fn open_tracker(&self) -> Result<Tracker> {
        let config = TrackerConfig {
            data_dir: self.data_dir().to_owned(),
            database_url: self.database_url().map(str::to_owned),
            blob_url: None,
            storage_limit: None,
            organization_name: Name::parse("Personal")?,
        };
        // Boxed, because the future is large and would be a part of all futures that await this one.
        Ok(Box::pin(Tracker::open(config)).await?)
    }

    /// Returns the size of the data in bytes: of all files and, with PostgreSQL, of the database.
    pub async fn size(&self) -> Result<u64> {
        let files = directory_size(self.data_dir())?;
        let Some(url) = self.database_url() else { return Ok(files) };
        let mut connection = PgConnection::connect(url).await?;
        let size: i64 =
            sqlx::query_scalar("SELECT pg_database_size(current_database())").fetch_one(&mut connection).await?;
        connection.close().await?;
        Ok(files + u64::try_from(size)?)
    }

    /// With PostgreSQL, returns the space of deleted rows to the disk (`VACUUM FULL`). Both engines otherwise keep it for new
    /// rows.
    pub async fn vacuum(&self) -> Result<()> {
        match self.database_url() {
            Some(url) => execute_sql(url, "VACUUM FULL").await,
            None => Ok(()),
        }
    }

    /// Removes the directory and the database.
    pub async fn remove(self) -> Result<()> {
        if let (Some(url), Some(admin_url)) = (self.config.database_url(), &self.admin_url) {
            let name = url.rsplit('/').next().unwrap_or_default();
            execute_sql(admin_url, &format!("DROP DATABASE {name} WITH (FORCE)")).await?;
        }
        Ok(self.dir.close()?)
    }
}

/// Creates a directory in the current directory, which is in cargo's target directory. The system's directory for temporary
/// files may be in memory, which would distort the measurements.
pub fn create_temporary_dir() -> Result<TempDir> {
    Ok(tempfile::Builder::new().prefix("groundglass-bench-").tempdir_in(std::env::current_dir()?)?)
}

async fn execute_sql(url: &str, statement: &str) -> Result<()> {
    let mut connection = PgConnection::connect(url).await.context("cannot connect to PostgreSQL")?;
    sqlx::raw_sql(sqlx::AssertSqlSafe(statement.to_owned())).execute(&mut connection).await?;
    Ok(connection.close().await?)
}

fn directory_size(directory: &Path) -> Result<u64> {
    let mut size = 0;
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        let metadata = entry.metadata()?;
        size += if metadata.is_dir() { directory_size(&entry.path())? } else { metadata.len() };
    }
    Ok(size)
}
