//! Opens a database by its URL and applies migrations.

use std::{
    fs, io,
    path::{Path, PathBuf},
    str::FromStr,
    sync::Arc,
    time::Duration,
};

use sqlx::{
    Connection as _, Executor, SqliteConnection,
    migrate::{MigrateError, Migrator},
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use super::{
    Db,
    disk_reserve::DiskReserve,
    sqlite_files::{SqliteFiles, companion},
};
use crate::private_files::{close_to_others, create_private_dir, create_private_file};

static SQLITE_MIGRATIONS: Migrator = sqlx::migrate!("migrations/sqlite");
static POSTGRES_MIGRATIONS: Migrator = sqlx::migrate!("migrations/postgres");

/// The oldest supported PostgreSQL, as `server_version_num`.
const MIN_POSTGRES_VERSION: i64 = 130_000;

/// Why the database or the file storage cannot be opened. Each message says what to do.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The data directory cannot be created or written.
    #[error("cannot write to the data directory {path}: {source}; make it writable or choose another with --data-dir")]
    DataDir {
        /// The directory.
        path: PathBuf,
        /// The operating system's error.
        source: io::Error,
    },
    /// The URL of the file storage has an unsupported scheme.
    #[error("--blob-url must be file:///path/to/directory or s3://bucket/prefix")]
    BlobAddress,
    /// The S3 settings are incomplete or contradictory.
    #[error(
        "cannot use the S3 storage of --blob-url: {0}; check AWS_ENDPOINT_URL, AWS_REGION, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
    )]
    S3(String),
    /// The directory for uploaded files cannot be created or read.
    #[error("cannot use the file directory {path}: {source}; make it writable or choose another with --blob-url")]
    Blobs {
        /// The directory.
        path: PathBuf,
        /// The operating system's error.
        source: io::Error,
    },
    /// The database URL has an unsupported scheme.
    #[error("--database-url must begin with postgres:// or sqlite:")]
    Address,
    /// The database does not respond or rejects the connection.
    #[error(
        "cannot connect to the database at {target}: {source}; check that it is running and that --database-url is correct"
    )]
    Unreachable {
        /// Host and database, or the file. Never contains the password.
        target: String,
        /// The driver's error.
        source: sqlx::Error,
    },
    /// The SQLite file is damaged.
    #[error(
        "the database {file} is damaged: {source}; restore a backup into another directory with `groundglass restore`, or save \
         what is readable with `sqlite3 {file} .recover`"
    )]
    Damaged {
        /// The file.
        file: String,
        /// SQLite's error.
        source: sqlx::Error,
    },
    /// The SQLite file cannot be written.
    #[error("the database {file} is read-only; make it and its directory writable for the user of the server")]
    ReadOnly {
        /// The file.
        file: String,
    },
    /// The SQLite file is missing or empty, but there are uploaded files.
    #[error(
        "the database {file} is missing or empty, but the file storage contains uploaded files; put the database back, restore a \
         backup into another directory, or start with another --data-dir"
    )]
    Lost {
        /// The file.
        file: PathBuf,
    },
    /// The PostgreSQL server is too old.
    #[error("this PostgreSQL is version {found}; Groundglass needs 13 or newer")]
    TooOld {
        /// The server's major version.
        found: i64,
    },
    /// A newer Groundglass has migrated the database.
    #[error(
        "this database was written by a newer Groundglass (migration {migration} is unknown here); start that version or a newer one"
    )]
    Newer {
        /// The unknown migration.
        migration: i64,
    },
    /// A migration failed and was rolled back.
    #[error("cannot migrate the database to this version: {0}; the failing migration changed nothing")]
    Migration(MigrateError),
}

/// Returns the version of the latest migration that this binary contains.
pub(crate) fn latest_migration() -> i64 {
    SQLITE_MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or(0)
}

/// Returns the file of the SQLite database: the one that `url` names, or the default in the data directory.
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

/// Opens the database at `url`, or the SQLite file in `data_dir` if `url` is `None`, and applies missing migrations.
pub(crate) async fn open_database(data_dir: &Path, url: Option<&str>) -> Result<Db, OpenError> {
    match url {
        Some(url) if url.starts_with("postgres://") || url.starts_with("postgresql://") => {
            let options = PgConnectOptions::from_str(url).map_err(|_| OpenError::Address)?;
            open_postgres(options).await
        }
        url => open_sqlite(sqlite_options(data_dir, url)?).await,
    }
}

/// Creates the data directory, readable by its owner only, and checks that it is writable.
pub(crate) fn prepare_data_dir(data_dir: &Path) -> Result<(), OpenError> {
    let failed = |source| OpenError::DataDir { path: data_dir.to_owned(), source };
    create_private_dir(data_dir).map_err(failed)?;
    tempfile::tempfile_in(data_dir).map(drop).map_err(failed)
}

/// Applies missing migrations to a SQLite database that is not in use.
pub(crate) async fn migrate_sqlite_file(file: &Path) -> Result<(), OpenError> {
    open_sqlite(SqliteConnectOptions::new().filename(file)).await?.close().await;
    Ok(())
}

/// Returns whether the SQLite database at `file` has no content yet.
pub(crate) fn is_new_sqlite_file(file: &Path) -> bool {
    fs::metadata(file).map_or(true, |found| found.len() == 0)
}

async fn open_sqlite(options: SqliteConnectOptions) -> Result<Db, OpenError> {
    let file = options.get_filename().to_owned();
    let unreachable = |source| sqlite_error(&file, source);
    create_database_file(&options).map_err(|source| unreachable(source.into()))?;
    let reserve = DiskReserve::open(options.get_filename());
    let options = options.foreign_keys(true).busy_timeout(Duration::from_secs(10));
    let writer = options
        .clone()
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full);
    let write = sqlite_pool().max_connections(1).connect_with(writer).await.map_err(unreachable)?;
    SQLITE_MIGRATIONS.run(&write).await.map_err(|error| match error {
        MigrateError::Execute(source) | MigrateError::ExecuteMigration(source, _)
            if matches!(sqlite_code(&source), Some(READONLY | CORRUPT | NOTADB)) =>
        {
            unreachable(source)
        }
        other => migration_error(other),
    })?;
    // The readers come second, because a database that does not exist yet cannot be opened read-only.
    let read = sqlite_pool().max_connections(4).connect_with(options.read_only(true)).await.map_err(unreachable)?;
    // A reader that has read holds a lock, so that the write-ahead log stays as long as this pool.
    sqlx::query("SELECT COUNT(*) FROM _sqlx_migrations").execute(&read).await.map_err(unreachable)?;
    let files = SqliteFiles::new(&file, reserve).map_err(|source| unreachable(source.into()))?;
    Ok(Db::Sqlite { read, write, files: Arc::new(files) })
}

/// Makes sure that a database exists that only the server's user can read. SQLite gives its companions the same mode.
/// Earlier versions created it with the mode that the umask permits.
fn create_database_file(options: &SqliteConnectOptions) -> io::Result<()> {
    let file = options.get_filename();
    if file.as_os_str().as_encoded_bytes().starts_with(b"file:sqlx-in-memory") {
        return Ok(());
    }
    if file.exists() {
        for path in [file.to_owned(), companion(file, "-wal"), companion(file, "-shm")] {
            close_to_others(&path);
        }
        return Ok(());
    }
    match create_private_file(file) {
        // Another process was faster.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        created => created.map(drop),
    }
}

fn sqlite_error(file: &Path, source: sqlx::Error) -> OpenError {
    let file = file.display().to_string();
    match sqlite_code(&source) {
        Some(CORRUPT | NOTADB) => OpenError::Damaged { file, source },
        Some(READONLY) => OpenError::ReadOnly { file },
        _ => OpenError::Unreachable { target: file, source },
    }
}

/// SQLite's code for a read-only database.
const READONLY: i32 = 8;
/// SQLite's code for a damaged file.
const CORRUPT: i32 = 11;
/// SQLite's code for a file of another format.
const NOTADB: i32 = 26;

/// Returns SQLite's primary code of an error.
fn sqlite_code(error: &sqlx::Error) -> Option<i32> {
    let code: i32 = error.as_database_error()?.code()?.parse().ok()?;
    Some(code & 0xff)
}

/// Returns pool options for SQLite. Its connections are open files, which do not time out and need no test before use.
fn sqlite_pool() -> SqlitePoolOptions {
    let pool = SqlitePoolOptions::new().test_before_acquire(false).idle_timeout(None).max_lifetime(None);
    pool.min_connections(1).before_acquire(|connection, _| Box::pin(has_no_transaction(connection)))
}

/// Returns whether a connection can begin a transaction.
///
/// On a full disk, SQLite rolls back on its own. The driver's rollback then fails, and the driver considers the connection to
/// be in a transaction forever. The pool closes such a connection and opens another.
async fn has_no_transaction(connection: &mut SqliteConnection) -> Result<bool, sqlx::Error> {
    if connection.is_in_transaction() {
        // The rollback of a dropped transaction may still be queued. A ping waits for it.
        connection.ping().await?;
    }
    Ok(!connection.is_in_transaction())
}

async fn open_postgres(options: PgConnectOptions) -> Result<Db, OpenError> {
    let target = format!("{}:{}/{}", options.get_host(), options.get_port(), options.get_database().unwrap_or(""));
    let unreachable = |source| OpenError::Unreachable { target: target.clone(), source };
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
    if version < MIN_POSTGRES_VERSION {
        return Err(OpenError::TooOld { found: version / 10_000 });
    }
    POSTGRES_MIGRATIONS.run(&pool).await.map_err(migration_error)?;
    Ok(Db::Postgres(pool))
}

fn migration_error(error: MigrateError) -> OpenError {
    match error {
        MigrateError::VersionMissing(migration) | MigrateError::VersionTooNew(migration, _) => {
            OpenError::Newer { migration }
        }
        other => OpenError::Migration(other),
    }
}
