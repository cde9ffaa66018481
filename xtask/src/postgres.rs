//! A temporary PostgreSQL cluster for tests and benchmarks, with its own data directory and port.

use std::fs;
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::net::TcpListener;
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use crate::{debian, process, step};

/// How long the cluster may take to start, and to stop.
const TIMEOUT: Duration = Duration::from_secs(30);
/// The prefix of the names of its directories; the process id of xtask follows.
const DIRECTORY_PREFIX: &str = "groundglass-postgres-";
/// The superuser of the cluster.
const SUPERUSER: &str = "groundglass";

/// The process id and the directory of the running cluster, for the handler of Ctrl-C, after which nothing is dropped.
static RUNNING: Mutex<Option<(Pid, PathBuf)>> = Mutex::new(None);

/// Whether committed data survives a crash.
#[derive(Debug, Clone, Copy)]
pub enum Durability {
    /// It does not, which is faster. For tests.
    None,
    /// It does: commits wait for the disk, which is the default of PostgreSQL. For benchmarks.
    Full,
}

impl Durability {
    fn settings(self) -> &'static [&'static str] {
        match self {
            Self::None => &["fsync=off", "full_page_writes=off", "synchronous_commit=off"],
            // The defaults are too small for current machines.
            Self::Full => &["shared_buffers=256MB", "max_wal_size=4GB"],
        }
    }
}

/// A running cluster. Dropping it stops it and removes its data.
#[derive(Debug)]
pub struct Postgres {
    server: Child,
    directory: TempDir,
    url: String,
}

impl Postgres {
    /// Starts a new cluster, and installs PostgreSQL if it is missing.
    pub fn start(durability: Durability) -> Result<Self> {
        let programs = find_or_install_programs()?;
        step::run_quietly("start a temporary PostgreSQL", || Self::start_with(&programs, durability))
    }

    fn start_with(programs: &Path, durability: Durability) -> Result<Self> {
        remove_stale_clusters();
        let directory =
            tempfile::Builder::new().prefix(&format!("{DIRECTORY_PREFIX}{}-", std::process::id())).tempdir()?;
        let account = unprivileged_account()?;
        if let Some((user, group)) = account {
            chown(directory.path(), Some(user), Some(group))?;
        }
        let run_as = |program: &str| {
            let mut command = Command::new(programs.join(program));
            command.current_dir(directory.path()).env("LC_ALL", "C").stdin(Stdio::null());
            // PostgreSQL refuses to run as root.
            if let Some((user, group)) = account {
                command.gid(group).uid(user);
            }
            command
        };

        // Other users of this machine can reach the port, too.
        let password = format!("{:016x}{:016x}", random_number(), random_number());
        let password_file = directory.path().join("password");
        fs::write(&password_file, &password)?;
        let data = directory.path().join("data");
        let mut initdb = run_as("initdb");
        initdb.args(["--encoding=UTF8", "--no-locale", "--no-sync", "--auth=scram-sha-256", "--username", SUPERUSER]);
        process::command_output(initdb.arg("--pwfile").arg(&password_file).arg("--pgdata").arg(&data))?;

        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let log = directory.path().join("log");
        let mut postgres = run_as("postgres");
        postgres.arg("-D").arg(&data).arg("-p").arg(port.to_string());
        let settings = ["listen_addresses=127.0.0.1", "unix_socket_directories=", "max_connections=200"];
        for setting in settings.iter().chain(durability.settings()) {
            postgres.arg("-c").arg(setting);
        }
        let file = fs::File::create(&log)?;
        // In a process group of its own, so that Ctrl-C does not reach it: it is stopped after the tests that use it.
        let server = postgres.stdout(file.try_clone()?).stderr(file).process_group(0).spawn()?;
        if let Ok(mut running) = RUNNING.lock() {
            *running = Some((Pid::from_child(&server), directory.path().to_owned()));
        }
        let url = format!("postgres://{SUPERUSER}:{password}@127.0.0.1:{port}/postgres");
        let mut postgres = Self { server, directory, url };
        postgres.wait_until_ready(programs, port).with_context(|| last_lines(&log))?;
        Ok(postgres)
    }

    /// The URL of its default database.
    pub fn url(&self) -> &str {
        &self.url
    }

    fn wait_until_ready(&mut self, programs: &Path, port: u16) -> Result<()> {
        let start = Instant::now();
        while start.elapsed() < TIMEOUT {
            if let Some(status) = self.server.try_wait()? {
                bail!("PostgreSQL exited with {status}");
            }
            let mut ready = Command::new(programs.join("pg_isready"));
            if process::command_output(ready.args(["-q", "-h", "127.0.0.1", "-p"]).arg(port.to_string())).is_ok() {
                return Ok(());
            }
            thread::sleep(Duration::from_millis(50));
        }
        bail!("PostgreSQL was not ready after {} s", TIMEOUT.as_secs())
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        stop_running_cluster();
        let _ = self.server.wait();
        let _ = fs::remove_dir_all(self.directory.path());
    }
}

/// Stops the running cluster, if any, and removes its data. Also called by handlers of Ctrl-C.
pub fn stop_running_cluster() {
    let Some((pid, directory)) = RUNNING.lock().ok().and_then(|mut running| running.take()) else { return };
    // SIGINT is the "fast" shutdown: it closes open connections.
    let _ = kill_process(pid, Signal::INT);
    let start = Instant::now();
    while directory.join("data/postmaster.pid").exists() && start.elapsed() < TIMEOUT {
        thread::sleep(Duration::from_millis(20));
    }
    let _ = fs::remove_dir_all(directory);
}

/// Returns the directory with PostgreSQL's programs, from the PATH or from Debian's location. Installs PostgreSQL if needed.
fn find_or_install_programs() -> Result<PathBuf> {
    if let Some(programs) = find_programs() {
        return Ok(programs);
    }
    debian::install_packages(&["postgresql"])?;
    find_programs().context("PostgreSQL was installed, but its programs are not under /usr/lib/postgresql")
}

/// Installs `pg_dump` and `pg_restore`, which `groundglass backup` and `restore` use, if they are not on the PATH.
pub fn find_or_install_client() -> Result<()> {
    match process::find_on_path("pg_dump") {
        Some(_) => Ok(()),
        None => debian::install_packages(&["postgresql-client"]),
    }
}

fn find_programs() -> Option<PathBuf> {
    let on_path =
        std::env::var_os("PATH").into_iter().flat_map(|path| std::env::split_paths(&path).collect::<Vec<_>>());
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut debian: Vec<_> = versions.map(|version| version.path().join("bin")).collect();
    debian.sort();
    let needed = ["initdb", "postgres", "pg_isready"];
    on_path.chain(debian.into_iter().rev()).find(|directory| needed.iter().all(|name| directory.join(name).is_file()))
}

/// Returns the user and group ids to run the cluster as: those of `postgres`, or of an unprivileged fallback account. `None` if
/// this process is not root.
fn unprivileged_account() -> Result<Option<(u32, u32)>> {
    if !process::is_root() {
        return Ok(None);
    }
    let number = |flag: &str| -> Result<u32> {
        let id = |user: &str| process::command_output(Command::new("id").args([flag, user]));
        Ok(id("postgres").or_else(|_| id("nobody"))?.trim().parse()?)
    };
    Ok(Some((number("-u")?, number("-g")?)))
}

/// Stops and removes clusters of earlier runs that were killed.
fn remove_stale_clusters() {
    for entry in fs::read_dir(std::env::temp_dir()).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let owner = name.to_str().and_then(|name| name.strip_prefix(DIRECTORY_PREFIX)?.split('-').next());
        if owner.is_some_and(|owner| !Path::new("/proc").join(owner).exists()) && Path::new("/proc/self").exists() {
            if let Some(server) = running_server(&entry.path()) {
                let _ = kill_process(server, Signal::INT);
            }
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

/// Returns the server that still runs on a stale directory. Any user could have written its file, so the command line of the
/// process must name the directory, too.
fn running_server(directory: &Path) -> Option<Pid> {
    let file = fs::read_to_string(directory.join("data/postmaster.pid")).ok()?;
    let number = file.lines().next()?.trim();
    let command = fs::read(Path::new("/proc").join(number).join("cmdline")).ok()?;
    let names_directory = String::from_utf8_lossy(&command).contains(directory.to_str()?);
    Pid::from_raw(number.parse().ok()?).filter(|_| names_directory)
}

/// Returns the last ten lines of a log.
fn last_lines(log: &Path) -> String {
    let text = fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<_> = text.lines().collect();
    lines.get(lines.len().saturating_sub(10)..).unwrap_or_default().join("\n")
}

/// Returns an unpredictable number: the seed of the standard library's hash maps.
fn random_number() -> u64 {
    RandomState::new().build_hasher().finish()
}
