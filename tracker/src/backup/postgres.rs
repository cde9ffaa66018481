//! Copies and restores a PostgreSQL database with `pg_dump` and `pg_restore`.

use std::{io, path::Path};

use percent_encoding::percent_decode_str;
use reqwest::Url;
use sqlx::{Connection as _, PgConnection, PgPool, query_scalar};
use tokio::process::Command;

use super::{
    BackupError,
    database::{DatabaseCopy, list_segments},
};
use crate::db::Conn;

pub(super) const ENTRY_NAME: &str = "groundglass.pgdump";

pub(super) fn is_postgres_url(url: &str) -> bool {
    url.starts_with("postgres://") || url.starts_with("postgresql://")
}

/// Dumps the snapshot of one transaction, and lists the segments in the same snapshot.
pub(super) async fn copy_database(pool: &PgPool, url: &str, scratch: &Path) -> Result<DatabaseCopy, BackupError> {
    let file = scratch.join(ENTRY_NAME);
    let mut transaction = pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
    let snapshot: String = query_scalar("SELECT pg_export_snapshot()").fetch_one(&mut *transaction).await?;
    let segments = list_segments(&mut Conn::Postgres(&mut transaction)).await?;
    let mut dump = client_command("pg_dump", url)?;
    dump.args(["--format=custom", "--no-owner", "--no-privileges", "--exclude-table-data=byte_holds"]);
    dump.arg(format!("--snapshot={snapshot}")).arg("--file").arg(&file);
    run_command("pg_dump", dump).await?;
    Ok(DatabaseCopy { file, entry_name: ENTRY_NAME, segments })
}

/// Fails if the database has Groundglass tables.
pub(super) async fn require_empty(url: &str) -> Result<(), BackupError> {
    let unreachable = |error| {
        BackupError::failed(format!(
            "cannot connect to the database given by --database-url: {error}; check that it is running and that the URL is correct"
        ))
    };
    let mut connection = PgConnection::connect(url).await.map_err(unreachable)?;
    let used: bool =
        query_scalar("SELECT to_regclass('_sqlx_migrations') IS NOT NULL").fetch_one(&mut connection).await?;
    connection.close().await?;
    if used {
        return Err(BackupError::failed(
            "the database given by --database-url is already in use; create an empty one (createdb) and restore into it",
        ));
    }
    Ok(())
}

/// Loads a dump in one transaction.
pub(super) async fn load_dump(url: &str, file: &Path) -> Result<(), BackupError> {
    let mut restore = client_command("pg_restore", url)?;
    restore.args(["--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error"]).arg(file);
    run_command("pg_restore", restore).await
}

/// Returns a command that runs a PostgreSQL client program. Passes the password in the environment, because other users of the
/// machine can see the arguments.
fn client_command(program: &str, url: &str) -> Result<Command, BackupError> {
    let mut url = Url::parse(url).map_err(|_| BackupError::failed("--database-url is not a valid URL"))?;
    let mut command = Command::new(program);
    if let Some(password) = url.password() {
        command.env("PGPASSWORD", percent_decode_str(password).decode_utf8_lossy().as_ref());
        // Fails only for URLs without a host, which have no password.
        let _ = url.set_password(None);
    }
    command.arg("--dbname").arg(url.as_str()).kill_on_drop(true);
    Ok(command)
}

async fn run_command(program: &str, mut command: Command) -> Result<(), BackupError> {
    let output = command.output().await.map_err(|error| {
        BackupError::failed(match error.kind() {
            io::ErrorKind::NotFound => format!(
                "{program} is not on the PATH; install the PostgreSQL client programs of the server's version or newer \
                 (on Debian: apt install postgresql-client)"
            ),
            _ => format!("cannot start {program}: {error}"),
        })
    })?;
    if output.status.success() {
        return Ok(());
    }
    Err(BackupError::failed(format!("{program} failed: {}", String::from_utf8_lossy(&output.stderr).trim())))
}
