//! SQLite or PostgreSQL behind one type, with each statement written once.
//!
//! [`Db::read`] and [`Db::write`] give a connection; [`sql!`] runs one statement on whichever engine it is.
//! Statements use `$1` placeholders and types that both engines know: `Uuid`, `i64`, `f64`, `bool`, `String`, `Vec<u8>`.

mod open;
mod order;
mod write;

use sqlx::{PgConnection, PgPool, Postgres, Sqlite, SqliteConnection, SqlitePool, Transaction, pool::PoolConnection};

pub use open::OpenError;
pub(crate) use open::{newest_step, open, prepare, sqlite_file};
pub(crate) use order::order_by;
pub(crate) use write::Write;

use crate::{Error, live::Voice};

/// An open database.
#[derive(Clone)]
pub(crate) enum Db {
    /// Many readers and the one writer that SQLite allows.
    Sqlite {
        read: SqlitePool,
        write: SqlitePool,
    },
    Postgres(PgPool),
}

/// A connection for statements, of either engine.
pub(crate) enum Conn<'c> {
    Sqlite(&'c mut SqliteConnection),
    Postgres(&'c mut PgConnection),
}

/// Runs one statement on a [`Conn`]: `sql!(conn, |c| query("…").bind(x).execute(c))`.
///
/// The expression is compiled once for each engine, so its result must be of the same type on both.
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

/// Runs one statement that returns nothing: `run!(conn, query("…").bind(x))`; gives the number of rows it touched.
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

/// Builds one statement of many rows and runs it: `bulk!(conn, "INSERT … ", |q| q.push_values(…))`; gives the number of rows it
/// touched.
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

/// Builds one statement about many things and gives its rows: `bulk_rows!(conn, Row, "SELECT … ", |q| q.push_tuples(…))`.
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

/// Several statements that all see the database as it was at the first of them.
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

/// A connection that only reads.
pub(crate) enum Reader {
    Sqlite(PoolConnection<Sqlite>),
    Postgres(PoolConnection<Postgres>),
}

impl Conn<'_> {
    /// What ends a SELECT whose rows nobody else may change until the transaction ends. SQLite's only writer needs none.
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
    /// A connection to read with. On SQLite it cannot write.
    pub(crate) async fn read(&self) -> Result<Reader, Error> {
        Ok(match self {
            Self::Sqlite { read, .. } => Reader::Sqlite(read.acquire().await?),
            Self::Postgres(pool) => Reader::Postgres(pool.acquire().await?),
        })
    }

    /// A view of the database that stands still, for reading what belongs together. Ends when it is dropped.
    pub(crate) async fn snapshot(&self) -> Result<Snapshot, Error> {
        Ok(match self {
            Self::Sqlite { read, .. } => Snapshot::Sqlite(read.begin().await?),
            Self::Postgres(pool) => {
                Snapshot::Postgres(pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?)
            }
        })
    }

    /// A transaction to write in. On SQLite it waits for its turn: there is one writer.
    pub(crate) async fn write(&self, voice: &Voice) -> Result<Write, Error> {
        Write::begin(self, voice).await
    }

    /// Whether it was closed: what runs beside the requests then ends without a complaint.
    pub(crate) fn is_closed(&self) -> bool {
        match self {
            Self::Sqlite { write, .. } => write.is_closed(),
            Self::Postgres(pool) => pool.is_closed(),
        }
    }

    pub(crate) async fn close(&self) {
        match self {
            Self::Sqlite { read, write } => {
                read.close().await;
                write.close().await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

/// Turns "this value is already there" into a conflict that `sentence` explains, and leaves other errors as they are.
pub(crate) fn taken(error: sqlx::Error, sentence: impl FnOnce() -> String) -> Error {
    match &error {
        sqlx::Error::Database(inner) if inner.is_unique_violation() => Error::Conflict(sentence()),
        _ => error.into(),
    }
}
