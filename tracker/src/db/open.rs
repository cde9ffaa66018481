//! Opening a database by its address, and bringing it to this version's shape.

use std::{
    fs, io,
    path::{Path, PathBuf},
    str::FromStr,
    time::Duration,
};

use sqlx::{
    Connection as _, Executor, SqliteConnection,
    migrate::{MigrateError, Migrator},
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use super::Db;

static SQLITE_MIGRATIONS: Migrator = sqlx::migrate!("migrations/sqlite");
static POSTGRES_MIGRATIONS: Migrator = sqlx::migrate!("migrations/postgres");

/// The oldest PostgreSQL that is supported (its `server_version_num`).
const POSTGRES_OLDEST: i64 = 130_000;

/// Why the database could not be opened: each one line that says what to do.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The data directory cannot be made or written.
    #[error("cannot write to the data directory {path}: {source}; make it writable or choose another with --data-dir")]
    DataDir {
        /// The directory.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The place of uploaded bytes is of no kind we know.
    #[error("the place for files must be a folder, written file:///path/to/it, or s3://bucket/prefix; see --blob-url")]
    BlobAddress,
    /// The variables that tell of an S3 store do not fit together.
    #[error(
        "cannot use the S3 store of --blob-url: {0}; see the variables AWS_ENDPOINT_URL, AWS_REGION, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
    )]
    S3(String),
    /// The folder for uploaded bytes cannot be made or read.
    #[error("cannot use the folder for files {path}: {source}; make it writable or choose another with --blob-url")]
    Blobs {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The address is of no engine we know.
    #[error("the database address must begin with postgres:// or sqlite:; see --database-url")]
    Address,
    /// Nobody answers, or refuses us.
    #[error("cannot reach the database at {place}: {source}; check that it runs and that --database-url is right")]
    Unreachable {
        /// Host and database, or the file; never the password.
        place: String,
        /// What the driver said.
        source: sqlx::Error,
    },
    /// A PostgreSQL too old for us.
    #[error("this PostgreSQL is version {found}; Groundglass needs 13 or newer")]
    TooOld {
        /// Its major version.
        found: i64,
    },
    /// A newer Groundglass was here before.
    #[error(
        "this database was written by a newer Groundglass (its step {step} is unknown here); start that version or a newer one"
    )]
    Newer {
        /// The migration that we do not know.
        step: i64,
    },
    /// A step of the migration failed; it was rolled back.
    #[error("cannot bring the database to this version: {0}; nothing was changed by the failing step")]
    Migration(MigrateError),
}

/// The newest migration that this program knows.
pub(crate) fn newest_step() -> i64 {
    SQLITE_MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or(0)
}

/// The file of a SQLite database: the one that `url` names, or the usual one in the data directory.
pub(crate) fn sqlite_file(data_dir: &Path, url: Option<&str>) -> Result<PathBuf, OpenError> {
    Ok(sqlite_options(data_dir, url)?.get_filename().to_owned())
}

fn sqlite_options(data_dir: &Path, url: Option<&str>) -> Result<SqliteConnectOptions, OpenError> {
    match url {
        None => Ok(SqliteConnectOptions::new().filename(data_dir.join("groundglass.sqlite3"))),
        Some(url) if url.starts_with("sqlite:") => SqliteConnectOptions::from_str(url).map_err(|_| OpenError::Address),
        Some(_) => Err(OpenError::Address),
    }
}

/// Opens `url`, or a SQLite file in `data_dir` when there is none, and applies the migrations that it lacks.
pub(crate) async fn open(data_dir: &Path, url: Option<&str>) -> Result<Db, OpenError> {
    match url {
        Some(url) if url.starts_with("postgres://") || url.starts_with("postgresql://") => {
            let options = PgConnectOptions::from_str(url).map_err(|_| OpenError::Address)?;
            open_postgres(options).await
        }
        url => open_sqlite(sqlite_options(data_dir, url)?).await,
    }
}

/// Makes the data directory, readable by its owner only, and sees that it can be written.
pub(crate) fn prepare(data_dir: &Path) -> Result<(), OpenError> {
    let failed = |source| OpenError::DataDir { path: data_dir.to_owned(), source };
    if !data_dir.exists() {
        fs::create_dir_all(data_dir).map_err(failed)?;
        keep_private(data_dir).map_err(failed)?;
    }
    let probe = data_dir.join(format!(".writable-{}", std::process::id()));
    fs::write(&probe, b"").and_then(|()| fs::remove_file(&probe)).map_err(failed)
}

#[cfg(unix)]
fn keep_private(data_dir: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(data_dir, fs::Permissions::from_mode(0o700))
}

#[cfg(not(unix))]
fn keep_private(_: &Path) -> io::Result<()> {
    Ok(())
}

async fn open_sqlite(options: SqliteConnectOptions) -> Result<Db, OpenError> {
    let place = options.get_filename().display().to_string();
    let unreachable = |source| OpenError::Unreachable { place: place.clone(), source };
    let options = options.foreign_keys(true).busy_timeout(Duration::from_secs(10));
    let writer = options
        .clone()
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full);
    let write = pool().max_connections(1).connect_with(writer).await.map_err(unreachable)?;
    SQLITE_MIGRATIONS.run(&write).await.map_err(migration)?;
    // The readers come second: a database that does not exist yet cannot be opened read-only.
    let read = pool().max_connections(4).connect_with(options.read_only(true)).await.map_err(unreachable)?;
    Ok(Db::Sqlite { read, write })
}

/// SQLite connections are files: they neither time out nor have to be probed before use.
fn pool() -> SqlitePoolOptions {
    let pool = SqlitePoolOptions::new().test_before_acquire(false).idle_timeout(None).max_lifetime(None);
    pool.min_connections(1).before_acquire(|connection, _| Box::pin(has_no_transaction(connection)))
}

/// Whether a connection can begin a transaction. On a full disk SQLite rolls back by itself; the driver's own attempt then
/// fails, and it counts on being within the transaction for ever. Such a connection is closed and another one opened.
async fn has_no_transaction(connection: &mut SqliteConnection) -> Result<bool, sqlx::Error> {
    if connection.is_in_transaction() {
        // A transaction that was dropped is rolled back in its turn, and that turn may be about to come.
        connection.ping().await?;
    }
    Ok(!connection.is_in_transaction())
}

async fn open_postgres(options: PgConnectOptions) -> Result<Db, OpenError> {
    let place = format!("{}:{}/{}", options.get_host(), options.get_port(), options.get_database().unwrap_or(""));
    let unreachable = |source| OpenError::Unreachable { place: place.clone(), source };
    let pool = PgPoolOptions::new()
        .max_connections(10)
        .acquire_timeout(Duration::from_secs(10))
        .after_connect(|connection, _| {
            Box::pin(async move { connection.execute("SET client_min_messages = warning").await.map(|_| ()) })
        })
        .connect_with(options)
        .await
        .map_err(unreachable)?;
    let version: i64 = sqlx::query_scalar("SELECT current_setting('server_version_num')::BIGINT")
        .fetch_one(&pool)
        .await
        .map_err(unreachable)?;
    if version < POSTGRES_OLDEST {
        return Err(OpenError::TooOld { found: version / 10_000 });
    }
    POSTGRES_MIGRATIONS.run(&pool).await.map_err(migration)?;
    Ok(Db::Postgres(pool))
}

fn migration(error: MigrateError) -> OpenError {
    match error {
        MigrateError::VersionMissing(step) | MigrateError::VersionTooNew(step, _) => OpenError::Newer { step },
        other => OpenError::Migration(other),
    }
}
