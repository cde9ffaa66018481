//! The program itself: how it starts, what it says when it cannot, and how it stops.

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

fn run(data_dir: &Path, arguments: &[&str], input: &str) -> Output {
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

/// A server that said where it is.
struct Running {
    child: Child,
    said: String,
}

impl Running {
    fn begin(data_dir: &Path, extra: &[&str]) -> Self {
        let mut child = groundglass(data_dir)
            .arg("serve")
            .args(extra)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut said = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut said).unwrap();
        Self { child, said }
    }

    fn address(&self) -> &str {
        self.said.trim().rsplit_once('/').unwrap().1
    }

    fn terminate(mut self) -> bool {
        Command::new("kill").arg(self.child.id().to_string()).status().unwrap();
        self.child.wait().unwrap().success()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Expects one line that has these words in it, and a status that says failure.
fn check_refused(output: &Output, words: &[&str]) {
    let said = String::from_utf8_lossy(&output.stderr);
    let line = said.lines().find(|line| line.starts_with("groundglass: ")).unwrap_or_default();
    assert!(!output.status.success());
    for word in words {
        assert!(line.contains(word), "'{word}' is not in: {said}");
    }
}

#[test]
fn what_prevents_a_start_is_said_in_one_line() {
    let dir = TempDir::new().unwrap();
    let running = Running::begin(dir.path(), &[]);

    check_refused(&run(dir.path(), &["serve"], ""), &["another server is running", "--data-dir"]);

    let other = TempDir::new().unwrap();
    let address = running.address().to_owned();
    check_refused(&run(other.path(), &["serve", "--address", &address], ""), &["cannot listen", &address, "--address"]);

    let file = other.path().join("file");
    std::fs::write(&file, "").unwrap();
    check_refused(&run(&file.join("below"), &["serve"], ""), &["cannot write", "--data-dir"]);

    let nobody = "postgres://nobody@127.0.0.1:1/none";
    check_refused(&run(other.path(), &["serve", "--database-url", nobody], ""), &["127.0.0.1", "--database-url"]);
    check_refused(&run(other.path(), &["serve", "--database-url", "mysql://x"], ""), &["postgres://"]);
    check_refused(&run(other.path(), &["serve", "--log", "=="], ""), &["log"]);
    assert!(running.terminate());
}

#[tokio::test]
async fn a_database_of_a_newer_program_is_left_alone() {
    let dir = TempDir::new().unwrap();
    assert!(run(dir.path(), &["user", "list"], "").status.success());
    let url = format!("sqlite:{}", dir.path().join("groundglass.sqlite3").display());
    let pool = sqlx::SqlitePool::connect(&url).await.unwrap();
    let newer = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) VALUES (9999, '', TRUE, X'00', 0)";
    sqlx::query(newer).execute(&pool).await.unwrap();
    pool.close().await;
    check_refused(&run(dir.path(), &["serve"], ""), &["newer Groundglass"]);
}

#[test]
fn the_first_link_is_private_and_goes_when_it_is_of_no_use() {
    let dir = TempDir::new().unwrap();
    let link = dir.path().join("first-owner-link");
    let running = Running::begin(dir.path(), &["--public-url", "https://tracker.example.org"]);
    assert_eq!(running.said, "Groundglass is at https://tracker.example.org\n");
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

    let running = Running::begin(dir.path(), &[]);
    wait_for(|| std::fs::read_to_string(&link).is_ok_and(|again| again != first && !again.is_empty()));
    let created = run(
        dir.path(),
        &["user", "create", "--email", "ana@example.org", "--name", "Ana", "--password-stdin"],
        "tripod-lens-17\n",
    );
    assert!(created.status.success(), "{created:?}");
    assert!(running.terminate());

    let running = Running::begin(dir.path(), &[]);
    wait_for(|| !link.exists());
    assert!(running.terminate());
}

#[test]
fn people_and_tokens_are_made_at_the_command_line() {
    let dir = TempDir::new().unwrap();
    let dir = dir.path();
    let text = |output: &Output| String::from_utf8(output.stdout.clone()).unwrap();
    let ana = ["user", "create", "--email", "ana@example.org", "--name", "Ana", "--password-stdin"];
    check_refused(&run(dir, &ana, "short\n"), &["8 characters"]);
    assert!(run(dir, &ana, "tripod-lens-17\n").status.success());
    check_refused(&run(dir, &ana, "tripod-lens-17\n"), &["ana@example.org"]);
    assert_eq!(text(&run(dir, &["user", "list"], "")), "ana@example.org\tAna\towner\tPersonal\n");

    let made = run(dir, &["token", "create", "--email", "ana@example.org", "--scope", "write", "--expires", "30d"], "");
    let token = text(&made);
    assert!(made.status.success() && token.lines().count() == 1 && token.starts_with("groundglass_"), "{made:?}");
    let listed = text(&run(dir, &["token", "list"], ""));
    assert!(listed.contains("ana@example.org\twrite") && listed.ends_with("in use\t—\n"), "{listed}");
    assert!(!listed.contains(token.trim()));
    let id = listed.split('\t').next().unwrap();
    assert!(run(dir, &["token", "revoke", id], "").status.success());
    assert!(text(&run(dir, &["token", "list"], "")).ends_with("revoked\t—\n"));
    let named = ["token", "create", "--email", "ana@example.org", "--scope", "read", "--name", " GPU box "];
    assert!(run(dir, &named, "").status.success());
    assert!(text(&run(dir, &["token", "list"], "")).lines().next().unwrap().ends_with("in use\tGPU box"));
    check_refused(&run(dir, &["token", "revoke", "00000000-0000-0000-0000-000000000000"], ""), &["token"]);
    check_refused(
        &run(dir, &["token", "create", "--email", "bo@example.org", "--scope", "read"], ""),
        &["no user with", "bo@example.org", "--data-dir"],
    );

    assert!(
        run(dir, &["user", "set-password", "--email", "ana@example.org", "--password-stdin"], "lens-tripod-71\n")
            .status
            .success()
    );
    for wrong in [
        &["token", "create", "--email", "ana@example.org", "--scope", "all"][..],
        &["user", "create", "--email", "x"],
        &["token", "revoke", "x"],
    ] {
        assert_eq!(run(dir, wrong, "").status.code(), Some(2), "{wrong:?}");
    }
}

#[test]
fn help_says_it_all() {
    let dir = TempDir::new().unwrap();
    let help = String::from_utf8(run(dir.path(), &["serve", "--help"], "").stdout).unwrap();
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

fn wait_for(ready: impl Fn() -> bool) {
    let began = Instant::now();
    while !ready() {
        assert!(began.elapsed() < Duration::from_secs(10), "waited in vain");
        std::thread::sleep(Duration::from_millis(10));
    }
}
