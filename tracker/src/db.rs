//! SQLite or PostgreSQL behind one type, with each statement written once.
//!
//! [`Db::read`] and [`Db::write`] return a connection; [`sql!`] runs one statement on either engine. Statements use `$1`
//! placeholders and types that both engines support: `Uuid`, `i64`, `f64`, `bool`, `String`, `Vec<u8>`.

mod disk_reserve;
mod open;
mod order;
mod sqlite_files;
mod write;

use std::{
    io::{self, Write as _},
    path::Path,
    sync::Arc,
};

use sqlx::{PgConnection, PgPool, Postgres, Sqlite, SqliteConnection, SqlitePool, Transaction, pool::PoolConnection};

pub use open::OpenError;
pub(crate) use open::{
    is_new_sqlite_file, latest_migration, migrate_sqlite_file, open_database, prepare_data_dir, sqlite_file,
};
pub(crate) use order::order_by;
use sqlite_files::SqliteFiles;
pub(crate) use write::{Space, Write};

use crate::{Error, error::Failure, live::Publisher};

/// An open database.
#[derive(Clone)]
pub(crate) enum Db {
    /// A pool of readers and the single writer that SQLite allows.
    Sqlite {
        read: SqlitePool,
        write: SqlitePool,
        files: Arc<SqliteFiles>,
    },
    Postgres(PgPool),
}

/// A connection of either engine, for statements.
pub(crate) enum Conn<'c> {
    Sqlite(&'c mut SqliteConnection),
    Postgres(&'c mut PgConnection),
}

/// Runs one statement on a [`Conn`]: `sql!(conn, |c| query("…").bind(x).execute(c))`.
///
/// The expression is compiled once per engine, so its result must have the same type on both.
macro_rules! sql {
    ($conn:expr, |$c:ident| $statement:expr) => {
        match &mut $conn {
            $crate::db::Conn::Sqlite(connection) => {
                let $c = &mut **connection;
                $statement.await
            }
            $crate::db::Conn::Postgres(connection) => {
                let $c = &mut **connection;
                $statement.await
            }
        }
    };
}
pub(crate) use sql;

/// Runs one statement without a result and returns the number of affected rows: `run!(conn, query("…").bind(x))`.
macro_rules! run {
    ($conn:expr, $statement:expr) => {
        match &mut $conn {
            $crate::db::Conn::Sqlite(connection) => {
                $statement.execute(&mut **connection).await.map(|done| done.rows_affected())
            }
            $crate::db::Conn::Postgres(connection) => {
                $statement.execute(&mut **connection).await.map(|done| done.rows_affected())
            }
        }
    };
}
pub(crate) use run;

/// Builds one statement for many rows, runs it and returns the number of affected rows:
/// `bulk!(conn, "INSERT … ", |q| q.push_values(…))`.
macro_rules! bulk {
    ($conn:expr, $start:expr, |$q:ident| $fill:expr) => {
        match &mut $conn {
            $crate::db::Conn::Sqlite(connection) => {
                let mut $q = sqlx::QueryBuilder::<sqlx::Sqlite>::new($start);
                $fill;
                $q.build().execute(&mut **connection).await.map(|done| done.rows_affected())
            }
            $crate::db::Conn::Postgres(connection) => {
                let mut $q = sqlx::QueryBuilder::<sqlx::Postgres>::new($start);
                $fill;
                $q.build().execute(&mut **connection).await.map(|done| done.rows_affected())
            }
        }
    };
}
pub(crate) use bulk;

/// Builds one query for many keys and returns its rows: `bulk_rows!(conn, LogRow, "SELECT … ", |q| q.push_tuples(…))`.
macro_rules! bulk_rows {
    ($conn:expr, $row:ty, $start:expr, |$q:ident| $fill:expr) => {
        match &mut $conn {
            $crate::db::Conn::Sqlite(connection) => {
                let mut $q = sqlx::QueryBuilder::<sqlx::Sqlite>::new($start);
                $fill;
                $q.build_query_as::<$row>().fetch_all(&mut **connection).await
            }
            $crate::db::Conn::Postgres(connection) => {
                let mut $q = sqlx::QueryBuilder::<sqlx::Postgres>::new($start);
                $fill;
                $q.build_query_as::<$row>().fetch_all(&mut **connection).await
            }
        }
    };
}
pub(crate) use bulk_rows;

/// A read-only transaction. All its statements see the database as of the first one.
pub(crate) enum Snapshot {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

impl Snapshot {
    pub(crate) fn conn(&mut self) -> Conn<'_> {
        match self {
            Self::Sqlite(transaction) => Conn::Sqlite(transaction),
            Self::Postgres(transaction) => Conn::Postgres(transaction),
        }
    }
}

/// A read-only connection.
pub(crate) enum Reader {
    Sqlite(PoolConnection<Sqlite>),
    Postgres(PoolConnection<Postgres>),
}

impl Conn<'_> {
    /// Returns the suffix that locks the rows of a `SELECT` until the transaction ends. Empty on SQLite, which has one writer.
    pub(crate) fn for_update(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "",
            Self::Postgres(_) => " FOR UPDATE",
        }
    }
}

impl Reader {
    pub(crate) fn conn(&mut self) -> Conn<'_> {
        match self {
            Self::Sqlite(connection) => Conn::Sqlite(connection),
            Self::Postgres(connection) => Conn::Postgres(connection),
        }
    }
}

impl Db {
    /// Returns a connection for reading. On SQLite it cannot write.
    pub(crate) async fn read(&self) -> Result<Reader, Error> {
        Ok(match self {
            Self::Sqlite { read, .. } => Reader::Sqlite(read.acquire().await?),
            Self::Postgres(pool) => Reader::Postgres(pool.acquire().await?),
        })
    }

    /// Returns a consistent snapshot for several related reads. It ends when it is dropped.
    pub(crate) async fn snapshot(&self) -> Result<Snapshot, Error> {
        Ok(match self {
            Self::Sqlite { read, .. } => Snapshot::Sqlite(read.begin().await?),
            Self::Postgres(pool) => {
                Snapshot::Postgres(pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?)
            }
        })
    }

    /// Begins a write transaction. On SQLite it waits for the single writer.
    pub(crate) async fn write(&self, publisher: &Publisher) -> Result<Write, Error> {
        Write::begin(self, publisher, Space::Free).await
    }

    /// Begins a write transaction that may use the disk reserve.
    pub(crate) async fn write_from_reserve(&self, publisher: &Publisher) -> Result<Write, Error> {
        Write::begin(self, publisher, Space::Reserve).await
    }

    /// Checks that the database accepts writes, without writing to it.
    ///
    /// # Errors
    /// Returns [`Error::Full`] or [`Error::Unavailable`] if it does not.
    pub(crate) async fn require_writable(&self) -> Result<(), Error> {
        match self {
            Self::Sqlite { write, files, .. } => {
                files.require_unmoved()?;
                files.require_space(write).await?;
                let folder = files.folder().to_owned();
                require_writable_folder(&folder).await.map_err(|error| match Failure::of(&error) {
                    Some(Failure::FullStorage) => Error::from_failure(Failure::FullDatabase),
                    _ => Error::unexpected(error),
                })
            }
            Self::Postgres(pool) => {
                let setting = "SELECT current_setting('transaction_read_only')";
                let read_only: String = sqlx::query_scalar(setting).fetch_one(pool).await?;
                if read_only == "on" { Err(Error::from_failure(Failure::ReadOnlyDatabase)) } else { Ok(()) }
            }
        }
    }

    /// Returns whether the database was closed. Background tasks then end without logging an error.
    pub(crate) fn is_closed(&self) -> bool {
        match self {
            Self::Sqlite { write, .. } => write.is_closed(),
            Self::Postgres(pool) => pool.is_closed(),
        }
    }

    pub(crate) async fn close(&self) {
        match self {
            Self::Sqlite { read, write, .. } => {
                read.close().await;
                write.close().await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

/// Checks that files can be written to a folder, by writing one that has no name.
pub(crate) async fn require_writable_folder(folder: &Path) -> io::Result<()> {
    let folder = folder.to_owned();
    let write = move || tempfile::tempfile_in(folder)?.write_all(&[0; 64 << 10]);
    tokio::task::spawn_blocking(write).await.map_err(io::Error::other)?
}

/// Converts a violated unique constraint to [`Error::Conflict`] with `message`, and other errors as usual.
pub(crate) fn conflict_if_duplicate(error: sqlx::Error, message: impl FnOnce() -> String) -> Error {
    match &error {
        sqlx::Error::Database(inner) if inner.is_unique_violation() => Error::Conflict(message()),
        _ => error.into(),
    }
}
