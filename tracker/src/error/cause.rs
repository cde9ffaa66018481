//! Classifies errors of the database, the file storage and the operating system by what the caller can do about them.

use std::{error::Error as StdError, io};

use object_store::client::{HttpError, HttpErrorKind};
use sqlx::{Error as SqlxError, error::DatabaseError, sqlite::SqliteError};

/// A failure that is not the caller's fault, and that ends without a change of the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Failure {
    /// No space for the database.
    FullDatabase,
    /// No space for files.
    FullStorage,
    /// A write failed for another reason than space, such as a quota.
    UnwritableDisk,
    /// The database accepts no writes.
    ReadOnlyDatabase,
    /// The file system accepts no writes.
    ReadOnlyStorage,
    /// The database file cannot be opened.
    MissingDatabase,
    /// The database file was moved, replaced or deleted while it was open.
    MovedDatabase,
    /// The database does not respond, rejects connections, or is busy.
    NoDatabase,
    /// The file storage does not respond, or is overloaded.
    NoStorage,
    /// The process or the machine has no file descriptors left.
    TooManyFiles,
    /// The database was closed, because the server shuts down.
    Closed,
}

impl Failure {
    /// Returns the failure that `error` or one of its sources reports, or `None` if it is unknown.
    pub(crate) fn of(error: &(dyn StdError + 'static)) -> Option<Self> {
        let errors = error_chain(error);
        // The operating system's reason is the most specific, and has libraries' errors around it.
        let system = |error: &&(dyn StdError + 'static)| error.downcast_ref::<io::Error>().and_then(io_failure);
        errors.iter().find_map(system).or_else(|| errors.iter().find_map(|error| library_failure(*error)))
    }

    /// Returns whether space must be freed before a retry can succeed.
    pub(crate) fn is_full(self) -> bool {
        matches!(self, Self::FullDatabase | Self::FullStorage | Self::UnwritableDisk)
    }

    /// Returns the message for users: what happened, and what to do.
    pub(crate) fn message(self) -> &'static str {
        match self {
            Self::FullDatabase => {
                "the server has no space left for its database; delete data you no longer need, or ask the server's administrator for more"
            }
            Self::FullStorage => {
                "the server has no space left for files; delete files you no longer need, or ask the server's administrator for more"
            }
            Self::UnwritableDisk => {
                "the server cannot write to its disk; ask the server's administrator to check its space, quota and health"
            }
            Self::ReadOnlyDatabase => {
                "the server's database is read-only; ask the server's administrator to make it writable"
            }
            Self::ReadOnlyStorage => {
                "the server's disk is read-only; ask the server's administrator to make it writable"
            }
            Self::MissingDatabase => {
                "the server cannot open its database file; ask the server's administrator to check the data directory"
            }
            Self::MovedDatabase => {
                "the server's database file was moved, replaced or deleted; ask the server's administrator to put it back and restart the server"
            }
            Self::NoDatabase => "the database does not respond at the moment; try again in a few seconds",
            Self::NoStorage => "the file storage does not respond at the moment; try again in a few seconds",
            Self::TooManyFiles => "the server has too many open files at the moment; try again in a few seconds",
            Self::Closed => "the server is shutting down; try again in a few seconds",
        }
    }
}

/// Returns whether this error or one of its sources is a full disk or quota.
pub(crate) fn is_storage_full(error: &(dyn StdError + 'static)) -> bool {
    Failure::of(error) == Some(Failure::FullStorage)
}

/// Returns an error and its sources, from the outside in.
fn error_chain<'e>(error: &'e (dyn StdError + 'static)) -> Vec<&'e (dyn StdError + 'static)> {
    let mut chain = Vec::new();
    let mut next = Some(error);
    while let Some(error) = next {
        chain.push(error);
        // The `source` of an `io::Error` skips the error that it wraps.
        let wrapped = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        next = wrapped.map(|error| error as &(dyn StdError + 'static)).or_else(|| error.source());
    }
    chain
}

fn io_failure(error: &io::Error) -> Option<Failure> {
    // The same numbers on all Unix systems.
    const ENFILE: i32 = 23;
    const EMFILE: i32 = 24;
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Some(Failure::FullStorage),
        io::ErrorKind::ReadOnlyFilesystem => Some(Failure::ReadOnlyStorage),
        _ if cfg!(unix) && matches!(error.raw_os_error(), Some(ENFILE | EMFILE)) => Some(Failure::TooManyFiles),
        _ => None,
    }
}

fn library_failure(error: &(dyn StdError + 'static)) -> Option<Failure> {
    if let Some(error) = error.downcast_ref::<SqlxError>() {
        return sqlx_failure(error);
    }
    if let Some(error) = error.downcast_ref::<HttpError>() {
        return http_failure(error.kind());
    }
    is_s3_outage(&error.to_string()).then_some(Failure::NoStorage)
}

fn sqlx_failure(error: &SqlxError) -> Option<Failure> {
    match error {
        SqlxError::Io(_) | SqlxError::Tls(_) | SqlxError::PoolTimedOut => Some(Failure::NoDatabase),
        SqlxError::PoolClosed => Some(Failure::Closed),
        SqlxError::Database(error) => {
            let error: &dyn DatabaseError = &**error;
            let code = error.code()?;
            match error.try_downcast_ref::<SqliteError>() {
                Some(_) => sqlite_failure(code.parse().ok()?),
                None => postgres_failure(&code),
            }
        }
        _ => None,
    }
}

/// Classifies an extended result code of SQLite (<https://www.sqlite.org/rescode.html>).
fn sqlite_failure(code: i32) -> Option<Failure> {
    const BUSY: i32 = 5;
    const READONLY: i32 = 8;
    const IOERR_WRITE: i32 = 778;
    const IOERR_TRUNCATE: i32 = 1_546;
    const IOERR_SHMSIZE: i32 = 4_874;
    const FULL: i32 = 13;
    const CANTOPEN: i32 = 14;
    match (code, code & 0xff) {
        // The file that connections share cannot grow.
        (IOERR_SHMSIZE, _) | (_, FULL) => Some(Failure::FullDatabase),
        (IOERR_WRITE | IOERR_TRUNCATE, _) => Some(Failure::UnwritableDisk),
        (_, READONLY) => Some(Failure::ReadOnlyDatabase),
        (_, CANTOPEN) => Some(Failure::MissingDatabase),
        // After waiting for the lock for ten seconds.
        (_, BUSY) => Some(Failure::NoDatabase),
        _ => None,
    }
}

/// Classifies an SQLSTATE of PostgreSQL (<https://www.postgresql.org/docs/current/errcodes-appendix.html>).
fn postgres_failure(sqlstate: &str) -> Option<Failure> {
    match sqlstate {
        // disk_full
        "53100" => Some(Failure::FullDatabase),
        // io_error
        "58030" => Some(Failure::UnwritableDisk),
        // read_only_sql_transaction, as on a standby
        "25006" => Some(Failure::ReadOnlyDatabase),
        // admin_shutdown, crash_shutdown, cannot_connect_now, idle_session_timeout; invalid_authorization_specification,
        // invalid_password, invalid_catalog_name: a connection was opened again and rejected
        "57P01" | "57P02" | "57P03" | "57P05" | "28000" | "28P01" | "3D000" => Some(Failure::NoDatabase),
        // connection exceptions, insufficient resources
        _ if sqlstate.starts_with("08") || sqlstate.starts_with("53") => Some(Failure::NoDatabase),
        _ => None,
    }
}

fn http_failure(kind: HttpErrorKind) -> Option<Failure> {
    match kind {
        HttpErrorKind::Connect | HttpErrorKind::Request | HttpErrorKind::Timeout | HttpErrorKind::Interrupted => {
            Some(Failure::NoStorage)
        }
        _ => None,
    }
}

/// Returns whether this is the message of `object_store` for a response that says that the store failed or is overloaded. The
/// type of the error is private.
fn is_s3_outage(message: &str) -> bool {
    const STATUS: &str = "Server returned non-2xx status code: ";
    match message.strip_prefix(STATUS) {
        Some(status) => status.starts_with('5') || status.starts_with("429"),
        // A status of 200 with an error in the body: InternalError or SlowDown.
        None => message.starts_with("Server returned error response: "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Error;

    #[test]
    fn sqlite_codes_are_classified() {
        for (name, code, expected) in [
            ("FULL", 13, Some(Failure::FullDatabase)),
            ("IOERR_SHMSIZE", 4_874, Some(Failure::FullDatabase)),
            ("IOERR_WRITE", 778, Some(Failure::UnwritableDisk)),
            ("IOERR_TRUNCATE", 1_546, Some(Failure::UnwritableDisk)),
            ("READONLY", 8, Some(Failure::ReadOnlyDatabase)),
            ("READONLY_DBMOVED", 1_032, Some(Failure::ReadOnlyDatabase)),
            ("READONLY_DIRECTORY", 1_544, Some(Failure::ReadOnlyDatabase)),
            ("CANTOPEN", 14, Some(Failure::MissingDatabase)),
            ("CANTOPEN_ISDIR", 526, Some(Failure::MissingDatabase)),
            ("BUSY", 5, Some(Failure::NoDatabase)),
            ("BUSY_SNAPSHOT", 517, Some(Failure::NoDatabase)),
            ("CORRUPT", 11, None),
            ("NOTADB", 26, None),
            ("CONSTRAINT_UNIQUE", 2_067, None),
            ("IOERR_READ", 266, None),
        ] {
            assert_eq!(sqlite_failure(code), expected, "{name}");
        }
    }

    #[test]
    fn postgres_codes_are_classified() {
        for (sqlstate, expected) in [
            ("53100", Some(Failure::FullDatabase)),
            ("53200", Some(Failure::NoDatabase)),
            ("53300", Some(Failure::NoDatabase)),
            ("57P01", Some(Failure::NoDatabase)),
            ("57P02", Some(Failure::NoDatabase)),
            ("57P03", Some(Failure::NoDatabase)),
            ("08006", Some(Failure::NoDatabase)),
            ("25006", Some(Failure::ReadOnlyDatabase)),
            ("58030", Some(Failure::UnwritableDisk)),
            ("23505", None),
            ("40001", None),
            ("42P01", None),
        ] {
            assert_eq!(postgres_failure(sqlstate), expected, "{sqlstate}");
        }
    }

    #[test]
    fn causes_are_found_inside_other_errors() {
        let full = || io::Error::from(io::ErrorKind::StorageFull);
        let in_store = |source: Box<dyn StdError + Send + Sync>| object_store::Error::Generic { store: "disk", source };
        let http = |kind| Box::new(in_store(Box::new(HttpError::new(kind, io::Error::other("no route")))));
        let files = || io::Error::from_raw_os_error(24);
        let status = |text: &str| Box::new(in_store(format!("Server returned non-2xx status code: {text}").into()));
        for (error, expected) in [
            (Box::new(full()) as Box<dyn StdError + Send + Sync>, Some(Failure::FullStorage)),
            (Box::new(in_store(Box::new(io::Error::other(full())))), Some(Failure::FullStorage)),
            (Box::new(io::Error::from(io::ErrorKind::QuotaExceeded)), Some(Failure::FullStorage)),
            (Box::new(io::Error::from(io::ErrorKind::ReadOnlyFilesystem)), Some(Failure::ReadOnlyStorage)),
            (Box::new(io::Error::from(io::ErrorKind::PermissionDenied)), None),
            (Box::new(SqlxError::PoolTimedOut), Some(Failure::NoDatabase)),
            (Box::new(SqlxError::PoolClosed), Some(Failure::Closed)),
            (Box::new(SqlxError::RowNotFound), None),
            (Box::new(SqlxError::Io(io::ErrorKind::ConnectionRefused.into())), Some(Failure::NoDatabase)),
            (Box::new(SqlxError::Io(files())), Some(Failure::TooManyFiles)),
            (Box::new(HttpError::new(HttpErrorKind::Connect, files())), Some(Failure::TooManyFiles)),
            (http(HttpErrorKind::Connect), Some(Failure::NoStorage)),
            (http(HttpErrorKind::Timeout), Some(Failure::NoStorage)),
            (http(HttpErrorKind::Decode), None),
            (status("503 Service Unavailable: SlowDown"), Some(Failure::NoStorage)),
            (status("500 Internal Server Error: "), Some(Failure::NoStorage)),
            (status("429 Too Many Requests: "), Some(Failure::NoStorage)),
            (status("400 Bad Request: "), None),
            ("Server returned error response: <Code>SlowDown</Code>".into(), Some(Failure::NoStorage)),
            ("something else".into(), None),
        ] {
            assert_eq!(Failure::of(&*error), expected, "{error:?}");
            let converted = Error::unexpected(error);
            match expected {
                Some(failure) if failure.is_full() => assert!(matches!(converted, Error::Full(_))),
                Some(_) => assert!(matches!(converted, Error::Unavailable { .. })),
                None => assert!(matches!(converted, Error::Unexpected(_))),
            }
        }
    }
}
