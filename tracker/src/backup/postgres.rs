//! Copies and restores a PostgreSQL database with `pg_dump` and `pg_restore`.

use std::{io, path::Path, process::Stdio};

use percent_encoding::percent_decode_str;
use reqwest::Url;
use sqlx::{Connection as _, PgConnection, PgPool, query_scalar};
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::Command,
};

use super::{
    BackupError,
    database::{DatabaseCopy, list_segments},
    verify::ReferencedBytes,
};
use crate::{
    blobs::{Segment, decode_hex},
    db::Conn,
    private_files::create_private_file,
};

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
    // pg_dump writes to an existing file, and keeps its mode.
    create_private_file(&file).map_err(BackupError::Write)?;
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

/// Checks that a file is a dump of Groundglass, and returns the bytes that its database refers to. Reads the
/// whole dump, without a database.
pub(super) async fn check_dump(file: &Path) -> Result<ReferencedBytes, BackupError> {
    let mut restore = Command::new("pg_restore");
    restore.args(["--data-only", "--file=-"]).arg(file).kill_on_drop(true);
    restore.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut running = restore.spawn().map_err(|error| cannot_start("pg_restore", &error))?;
    let output = running.stdout.take().ok_or_else(|| BackupError::failed("pg_restore has no output"))?;
    let mut contents = DumpContents::default();
    let mut lines = BufReader::new(output).lines();
    while let Some(line) = lines.next_line().await.map_err(BackupError::Read)? {
        contents.read_line(&line);
    }
    let done = running.wait_with_output().await.map_err(BackupError::Read)?;
    if !done.status.success() || contents.tables < DumpContents::TABLES.len() || contents.migrations == 0 {
        let reason = String::from_utf8_lossy(&done.stderr).trim().to_owned();
        let reason = if reason.is_empty() { "it has no tables of Groundglass" } else { &reason };
        return Err(BackupError::failed(format!(
            "the database in this backup is damaged ({reason}); use another copy"
        )));
    }
    Ok(contents.referenced)
}

/// What the text of a dump contains about stored bytes, read line by line. Each table is a `COPY` with its columns, then one line per row with
/// values between tabs, then `\.`.
#[derive(Default)]
struct DumpContents {
    /// Table and columns of the rows that follow.
    current: Option<(String, Vec<String>)>,
    /// Number of tables found of [`Self::TABLES`].
    tables: usize,
    /// Number of applied migrations.
    migrations: usize,
    referenced: ReferencedBytes,
}

impl DumpContents {
    const TABLES: [&str; 4] = ["_sqlx_migrations", "blobs", "blob_segments", "upload_parts"];

    fn read_line(&mut self, line: &str) {
        if line == "\\." {
            self.current = None;
        } else if let Some((table, columns)) = &self.current {
            if !Self::TABLES.contains(&table.as_str()) {
                return;
            }
            let values: Vec<&str> = line.split('\t').collect();
            let value =
                |name: &str| columns.iter().position(|column| column == name).and_then(|at| values.get(at)).copied();
            let text = |name: &str| value(name).unwrap_or_default().to_owned();
            let number = |name: &str| value(name).and_then(|text| text.parse::<i64>().ok()).unwrap_or(-1);
            let segment = || Segment { key: text("storage_key"), size: number("size").cast_unsigned() };
            match table.as_str() {
                "blobs" => self.referenced.files.push((decode_bytea(&text("sha256")), segment())),
                "blob_segments" => {
                    self.referenced.segments.push((text("blob_key"), number("position"), segment()));
                }
                "upload_parts" => self.referenced.parts.push(segment()),
                _ => self.migrations += 1,
            }
        } else if let Some(copy) = line.strip_prefix("COPY ").and_then(|rest| rest.strip_suffix(") FROM stdin;"))
            && let Some((table, columns)) = copy.split_once(" (")
        {
            let table = table.rsplit('.').next().unwrap_or_default().to_owned();
            self.tables += usize::from(Self::TABLES.contains(&table.as_str()));
            self.current = Some((table, columns.split(", ").map(|name| name.trim_matches('"').to_owned()).collect()));
        }
    }
}

/// Decodes `\\x` and hexadecimal digits, the text of bytes in a dump. Invalid text has no bytes, and equals no hash then.
fn decode_bytea(text: &str) -> Vec<u8> {
    text.strip_prefix("\\\\x").and_then(decode_hex).unwrap_or_default()
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
    let output = command.output().await.map_err(|error| cannot_start(program, &error))?;
    if output.status.success() {
        return Ok(());
    }
    Err(BackupError::failed(format!("{program} failed: {}", String::from_utf8_lossy(&output.stderr).trim())))
}

fn cannot_start(program: &str, error: &io::Error) -> BackupError {
    BackupError::failed(match error.kind() {
        io::ErrorKind::NotFound => format!(
            "{program} is not on the PATH; install the PostgreSQL client programs of the server's version or newer \
             (on Debian: apt install postgresql-client)"
        ),
        _ => format!("cannot start {program}: {error}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_rows_of_a_dump() {
        let dump = [
            "SET client_encoding = 'UTF8';",
            "COPY public._sqlx_migrations (version, description) FROM stdin;",
            "1\tpeople",
            "\\.",
            "COPY public.blobs (sha256, storage_key, size, created_at) FROM stdin;",
            "\\\\x00ff10\tab/cd\t7\t1",
            "\\.",
            "COPY public.blob_segments (blob_key, \"position\", storage_key, size) FROM stdin;",
            "ab/cd\t0\tef/01\t3",
            "\\.",
            "COPY public.upload_parts (upload_id, number, storage_key, size) FROM stdin;",
            "\\.",
        ];
        let mut contents = DumpContents::default();
        dump.iter().for_each(|line| contents.read_line(line));
        assert_eq!((contents.tables, contents.migrations), (4, 1));
        let segment = |key: &str, size| Segment { key: key.to_owned(), size };
        assert_eq!(contents.referenced.files, [(vec![0, 255, 16], segment("ab/cd", 7))]);
        assert_eq!(contents.referenced.segments, [("ab/cd".to_owned(), 0, segment("ef/01", 3))]);
        assert!(contents.referenced.parts.is_empty());
    }

    #[test]
    fn invalid_bytes_equal_no_hash() {
        for (text, expected) in
            [("\\\\x0a", vec![10]), ("\\\\x0", vec![]), ("\\\\xzz", vec![]), ("0a", vec![]), ("", vec![])]
        {
            assert_eq!(decode_bytea(text), expected, "{text}");
        }
    }
}
