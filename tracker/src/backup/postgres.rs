//! PostgreSQL's copy, made and read by its own `pg_dump` and `pg_restore`.

use std::{io, path::Path};

use percent_encoding::percent_decode_str;
use reqwest::Url;
use sqlx::{Connection as _, PgConnection, PgPool, query_scalar};
use tokio::process::Command;

use super::{
    BackupError,
    database::{Copied, pieces},
};
use crate::db::Conn;

pub(super) const ENTRY: &str = "groundglass.pgdump";

pub(super) fn is_address(url: &str) -> bool {
    url.starts_with("postgres://") || url.starts_with("postgresql://")
}

/// Dumps what one transaction sees, of which the pieces are listed, too.
pub(super) async fn copy(pool: &PgPool, url: &str, scratch: &Path) -> Result<Copied, BackupError> {
    let file = scratch.join(ENTRY);
    let mut transaction = pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
    let snapshot: String = query_scalar("SELECT pg_export_snapshot()").fetch_one(&mut *transaction).await?;
    let pieces = pieces(&mut Conn::Postgres(&mut transaction)).await?;
    let mut dump = tool("pg_dump", url)?;
    dump.args(["--format=custom", "--no-owner", "--no-privileges", "--exclude-table-data=byte_holds"]);
    dump.arg(format!("--snapshot={snapshot}")).arg("--file").arg(&file);
    finish("pg_dump", dump).await?;
    Ok(Copied { file, name: ENTRY, pieces })
}

/// Refuses a database that has our tables.
pub(super) async fn require_empty(url: &str) -> Result<(), BackupError> {
    let unreachable = |error| BackupError::refused(format!("cannot reach the database of --database-url: {error}"));
    let mut connection = PgConnection::connect(url).await.map_err(unreachable)?;
    let used: bool =
        query_scalar("SELECT to_regclass('_sqlx_migrations') IS NOT NULL").fetch_one(&mut connection).await?;
    connection.close().await?;
    if used {
        return Err(BackupError::refused(
            "the database of --database-url is in use already; make an empty one (createdb)",
        ));
    }
    Ok(())
}

/// Loads a dump, all of it or nothing.
pub(super) async fn load(url: &str, file: &Path) -> Result<(), BackupError> {
    let mut restore = tool("pg_restore", url)?;
    restore.args(["--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error"]).arg(file);
    finish("pg_restore", restore).await
}

/// One of PostgreSQL's programs. Others on this machine can see its arguments: the password is not among them.
fn tool(program: &str, url: &str) -> Result<Command, BackupError> {
    let mut url = Url::parse(url).map_err(|_| BackupError::refused("cannot read the address in --database-url"))?;
    let mut command = Command::new(program);
    if let Some(password) = url.password() {
        command.env("PGPASSWORD", percent_decode_str(password).decode_utf8_lossy().as_ref());
        // It fails for addresses without a host only, which have no password.
        let _ = url.set_password(None);
    }
    command.arg("--dbname").arg(url.as_str()).kill_on_drop(true);
    Ok(command)
}

async fn finish(program: &str, mut command: Command) -> Result<(), BackupError> {
    let output = command.output().await.map_err(|error| {
        BackupError::refused(match error.kind() {
            io::ErrorKind::NotFound => format!(
                "{program} is not on the PATH; install PostgreSQL's client programs (on Debian: apt install postgresql-client), \
                 of the server's version or newer"
            ),
            _ => format!("cannot start {program}: {error}"),
        })
    })?;
    if output.status.success() {
        return Ok(());
    }
    Err(BackupError::refused(format!("{program} failed: {}", String::from_utf8_lossy(&output.stderr).trim())))
}
