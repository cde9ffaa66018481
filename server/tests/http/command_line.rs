//! The binary: commands, startup errors and shutdown.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

fn groundglass(data_dir: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_groundglass"));
    command.env_clear().env("GROUNDGLASS_DATA_DIR", data_dir).env("GROUNDGLASS_ADDRESS", "127.0.0.1:0");
    command
}

/// Runs a command to its end with the given standard input.
fn run_command(data_dir: &Path, arguments: &[&str], input: &str) -> Output {
    let mut child = groundglass(data_dir)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

/// A server that has printed its URL.
struct RunningServer {
    child: Child,
    first_line: String,
}

impl RunningServer {
    fn start(data_dir: &Path, extra: &[&str]) -> Self {
        let mut child = groundglass(data_dir)
            .arg("serve")
            .args(extra)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut first_line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut first_line).unwrap();
        Self { child, first_line }
    }

    fn address(&self) -> &str {
        self.first_line.trim().rsplit_once('/').unwrap().1
    }

    /// Sends SIGTERM and returns whether the server exited successfully.
    fn terminate(mut self) -> bool {
        Command::new("kill").arg(self.child.id().to_string()).status().unwrap();
        self.child.wait().unwrap().success()
    }
}

impl Drop for RunningServer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Asserts that the command failed with a one-line error that contains all the words.
fn assert_fails_with(output: &Output, words: &[&str]) {
    let stderr = String::from_utf8_lossy(&output.stderr);
    let line = stderr.lines().find(|line| line.starts_with("groundglass: ")).unwrap_or_default();
    assert!(!output.status.success());
    for word in words {
        assert!(line.contains(word), "'{word}' is not in: {stderr}");
    }
}

#[test]
fn reports_startup_errors_in_one_line() {
    let dir = TempDir::new().unwrap();
    let running = RunningServer::start(dir.path(), &[]);

    assert_fails_with(&run_command(dir.path(), &["serve"], ""), &["another server is running", "--data-dir"]);

    let other = TempDir::new().unwrap();
    let address = running.address().to_owned();
    assert_fails_with(
        &run_command(other.path(), &["serve", "--address", &address], ""),
        &["cannot listen", &address, "--address"],
    );

    let file = other.path().join("file");
    std::fs::write(&file, "").unwrap();
    assert_fails_with(&run_command(&file.join("below"), &["serve"], ""), &["cannot write", "--data-dir"]);

    let unreachable = "postgres://nobody@127.0.0.1:1/none";
    assert_fails_with(
        &run_command(other.path(), &["serve", "--database-url", unreachable], ""),
        &["127.0.0.1", "--database-url"],
    );
    assert_fails_with(&run_command(other.path(), &["serve", "--database-url", "mysql://x"], ""), &["postgres://"]);
    assert_fails_with(&run_command(other.path(), &["serve", "--log", "=="], ""), &["log"]);
    assert!(running.terminate());
}

#[tokio::test]
async fn refuses_a_database_of_a_newer_version() {
    let dir = TempDir::new().unwrap();
    assert!(run_command(dir.path(), &["user", "list"], "").status.success());
    let url = format!("sqlite:{}", dir.path().join("groundglass.sqlite3").display());
    let pool = sqlx::SqlitePool::connect(&url).await.unwrap();
    let newer = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) VALUES (9999, '', TRUE, X'00', 0)";
    sqlx::query(newer).execute(&pool).await.unwrap();
    pool.close().await;
    assert_fails_with(&run_command(dir.path(), &["serve"], ""), &["newer Groundglass"]);
}

#[test]
fn first_owner_link_is_private_and_removed_once_an_owner_exists() {
    let dir = TempDir::new().unwrap();
    let link = dir.path().join("first-owner-link");
    let running = RunningServer::start(dir.path(), &["--public-url", "https://tracker.example.org"]);
    assert_eq!(running.first_line, "Groundglass is at https://tracker.example.org\n");
    wait_for(|| link.exists());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(std::fs::metadata(&link).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(std::fs::metadata(dir.path().join("server.lock")).unwrap().permissions().mode() & 0o022, 0);
    }
    let first = std::fs::read_to_string(&link).unwrap();
    assert!(first.starts_with("https://tracker.example.org/welcome/"), "{first}");
    assert!(running.terminate());

    let running = RunningServer::start(dir.path(), &[]);
    wait_for(|| std::fs::read_to_string(&link).is_ok_and(|link| link != first && !link.is_empty()));
    let created = run_command(
        dir.path(),
        &["user", "create", "--email", "ana@example.org", "--name", "Ana", "--password-stdin"],
        "tripod-lens-17\n",
    );
    assert!(created.status.success(), "{created:?}");
    assert!(running.terminate());

    let running = RunningServer::start(dir.path(), &[]);
    wait_for(|| !link.exists());
    assert!(running.terminate());
}

#[test]
fn creates_and_lists_users_and_tokens() {
    let dir = TempDir::new().unwrap();
    let dir = dir.path();
    let text = |output: &Output| String::from_utf8(output.stdout.clone()).unwrap();
    let ana = ["user", "create", "--email", "ana@example.org", "--name", "Ana", "--password-stdin"];
    assert_fails_with(&run_command(dir, &ana, "short\n"), &["8 characters"]);
    assert!(run_command(dir, &ana, "tripod-lens-17\n").status.success());
    assert_fails_with(&run_command(dir, &ana, "tripod-lens-17\n"), &["ana@example.org"]);
    assert_eq!(text(&run_command(dir, &["user", "list"], "")), "ana@example.org\tAna\towner\tPersonal\n");

    let created = run_command(
        dir,
        &["token", "create", "--email", "ana@example.org", "--scope", "write", "--expires", "30d"],
        "",
    );
    let token = text(&created);
    assert!(created.status.success() && token.lines().count() == 1 && token.starts_with("groundglass_"), "{created:?}");
    let listed = text(&run_command(dir, &["token", "list"], ""));
    assert!(listed.contains("ana@example.org\twrite") && listed.ends_with("in use\t—\n"), "{listed}");
    assert!(!listed.contains(token.trim()));
    let id = listed.split('\t').next().unwrap();
    assert!(run_command(dir, &["token", "revoke", id], "").status.success());
    assert!(text(&run_command(dir, &["token", "list"], "")).ends_with("revoked\t—\n"));
    let named = ["token", "create", "--email", "ana@example.org", "--scope", "read", "--name", " GPU box "];
    assert!(run_command(dir, &named, "").status.success());
    assert!(text(&run_command(dir, &["token", "list"], "")).lines().next().unwrap().ends_with("in use\tGPU box"));
    assert_fails_with(&run_command(dir, &["token", "revoke", "00000000-0000-0000-0000-000000000000"], ""), &["token"]);
    assert_fails_with(
        &run_command(dir, &["token", "create", "--email", "bo@example.org", "--scope", "read"], ""),
        &["no user with", "bo@example.org", "--data-dir"],
    );

    assert!(
        run_command(
            dir,
            &["user", "set-password", "--email", "ana@example.org", "--password-stdin"],
            "lens-tripod-71\n"
        )
        .status
        .success()
    );
    for invalid in [
        &["token", "create", "--email", "ana@example.org", "--scope", "all"][..],
        &["user", "create", "--email", "x"],
        &["token", "revoke", "x"],
    ] {
        assert_eq!(run_command(dir, invalid, "").status.code(), Some(2), "{invalid:?}");
    }
}

#[test]
fn help_lists_options_variables_and_defaults() {
    let dir = TempDir::new().unwrap();
    let help = String::from_utf8(run_command(dir.path(), &["serve", "--help"], "").stdout).unwrap();
    for word in [
        "GROUNDGLASS_DATA_DIR",
        "GROUNDGLASS_DATABASE_URL",
        "GROUNDGLASS_PUBLIC_URL",
        "127.0.0.1:3000",
        "./groundglass-data",
        "--allowed-host",
    ] {
        assert!(help.contains(word), "{word}");
    }
}

/// Waits until the condition is true; panics after ten seconds.
fn wait_for(ready: impl Fn() -> bool) {
    let start = Instant::now();
    while !ready() {
        assert!(start.elapsed() < Duration::from_secs(10), "timed out");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// The server runs with a directory that others can open, while a backup is written beside it.
#[cfg(unix)]
#[test]
fn files_are_private_in_a_directory_that_others_can_open() {
    use std::os::unix::fs::PermissionsExt as _;
    let dir = TempDir::new().unwrap();
    let data_dir = dir.path().join("data");
    std::fs::create_dir(&data_dir).unwrap();
    std::fs::set_permissions(&data_dir, std::fs::Permissions::from_mode(0o755)).unwrap();
    let mut child = groundglass(&data_dir).arg("serve").stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    // All lines until the server has opened its files.
    let log = BufReader::new(child.stderr.as_mut().unwrap()).lines().map_while(Result::ok);
    let log: Vec<String> = log.take_while(|line| !line.contains("listening on")).collect();
    let warned = log.iter().any(|line| line.contains("chmod go-rwx"));
    let archive = dir.path().join("backup.tar");
    let done = run_command(&data_dir, &["backup", archive.to_str().unwrap()], "");
    let mut wide = Vec::new();
    collect_wide(&data_dir, &mut wide);
    collect_wide(&archive, &mut wide);
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(warned, "the server says how to close the directory");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    assert_eq!(wide, [data_dir], "only the directory itself keeps its mode");
}

/// Collects the files and folders under `path` that other users can read, write or open.
#[cfg(unix)]
fn collect_wide(path: &Path, wide: &mut Vec<std::path::PathBuf>) {
    use std::os::unix::fs::PermissionsExt as _;
    // A temporary file may be deleted meanwhile.
    let Ok(found) = std::fs::metadata(path) else { return };
    if found.permissions().mode() & 0o077 != 0 {
        wide.push(path.to_owned());
    }
    for entry in std::fs::read_dir(path).into_iter().flatten() {
        collect_wide(&entry.unwrap().path(), wide);
    }
}

#[test]
fn a_failed_restore_leaves_nothing_behind() {
    let dir = TempDir::new().unwrap();
    let data_dir = dir.path().join("new");
    assert_fails_with(&run_command(&data_dir, &["restore", "-"], "no archive"), &["not a Groundglass backup"]);
    assert!(!data_dir.exists());
}
