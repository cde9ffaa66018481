//! A throw-away PostgreSQL for tests and measurements: its own data folder, its own port, gone at the end.

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

/// How long it may take to start, and to stop.
const PATIENCE: Duration = Duration::from_secs(30);
/// What its folders' names begin with; our process id follows.
const PREFIX: &str = "groundglass-postgres-";
/// The account in the cluster.
const ACCOUNT: &str = "groundglass";

/// The one that runs, for the handler of Ctrl-C, which cannot wait for `drop`.
static RUNNING: Mutex<Option<(Pid, PathBuf)>> = Mutex::new(None);

/// What a cluster does for its data.
#[derive(Debug, Clone, Copy)]
pub enum Durability {
    /// Nothing: nobody misses the data of tests after a crash.
    None,
    /// What a cluster does unless told otherwise: what was committed is on the disk.
    Full,
}

impl Durability {
    fn settings(self) -> &'static [&'static str] {
        match self {
            Self::None => &["fsync=off", "full_page_writes=off", "synchronous_commit=off"],
            // Its defaults are for a machine of long ago.
            Self::Full => &["shared_buffers=256MB", "max_wal_size=4GB"],
        }
    }
}

/// A running cluster; dropping it stops it and removes its data.
#[derive(Debug)]
pub struct Postgres {
    server: Child,
    folder: TempDir,
    url: String,
}

impl Postgres {
    /// Starts a new cluster, installing PostgreSQL where it is missing.
    pub fn start(durability: Durability) -> Result<Self> {
        let programs = provide()?;
        step::quiet("start a PostgreSQL of our own", || Self::start_with(&programs, durability))
    }

    fn start_with(programs: &Path, durability: Durability) -> Result<Self> {
        sweep();
        let folder = tempfile::Builder::new().prefix(&format!("{PREFIX}{}-", std::process::id())).tempdir()?;
        let account = account()?;
        if let Some((user, group)) = account {
            chown(folder.path(), Some(user), Some(group))?;
        }
        let run_as = |program: &str| {
            let mut command = Command::new(programs.join(program));
            command.current_dir(folder.path()).env("LC_ALL", "C").stdin(Stdio::null());
            // It refuses to run as root.
            if let Some((user, group)) = account {
                command.gid(group).uid(user);
            }
            command
        };

        // Others on this machine reach the port too.
        let password = format!("{:016x}{:016x}", random(), random());
        let password_file = folder.path().join("password");
        fs::write(&password_file, &password)?;
        let data = folder.path().join("data");
        let mut initdb = run_as("initdb");
        initdb.args(["--encoding=UTF8", "--no-locale", "--no-sync", "--auth=scram-sha-256", "--username", ACCOUNT]);
        process::output(initdb.arg("--pwfile").arg(&password_file).arg("--pgdata").arg(&data))?;

        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let log = folder.path().join("log");
        let mut postgres = run_as("postgres");
        postgres.arg("-D").arg(&data).arg("-p").arg(port.to_string());
        let ours = ["listen_addresses=127.0.0.1", "unix_socket_directories=", "max_connections=200"];
        for setting in ours.iter().chain(durability.settings()) {
            postgres.arg("-c").arg(setting);
        }
        let file = fs::File::create(&log)?;
        // A group of its own: Ctrl-C is for us, and we stop it when nobody needs it any more.
        let server = postgres.stdout(file.try_clone()?).stderr(file).process_group(0).spawn()?;
        if let Ok(mut running) = RUNNING.lock() {
            *running = Some((Pid::from_child(&server), folder.path().to_owned()));
        }
        let url = format!("postgres://{ACCOUNT}:{password}@127.0.0.1:{port}/postgres");
        let mut postgres = Self { server, folder, url };
        postgres.wait_until_ready(programs, port).with_context(|| tail(&log))?;
        Ok(postgres)
    }

    /// Where the tests reach it.
    pub fn url(&self) -> &str {
        &self.url
    }

    fn wait_until_ready(&mut self, programs: &Path, port: u16) -> Result<()> {
        let start = Instant::now();
        while start.elapsed() < PATIENCE {
            if let Some(status) = self.server.try_wait()? {
                bail!("PostgreSQL ended with {status}");
            }
            let mut ready = Command::new(programs.join("pg_isready"));
            if process::output(ready.args(["-q", "-h", "127.0.0.1", "-p"]).arg(port.to_string())).is_ok() {
                return Ok(());
            }
            thread::sleep(Duration::from_millis(50));
        }
        bail!("PostgreSQL was not ready after {} s", PATIENCE.as_secs())
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        stop();
        let _ = self.server.wait();
        let _ = fs::remove_dir_all(self.folder.path());
    }
}

/// Stops the cluster that runs, if one does, and removes its data. For the end, also an early one.
pub fn stop() {
    let Some((pid, folder)) = RUNNING.lock().ok().and_then(|mut running| running.take()) else { return };
    // "Fast": open connections are cut.
    let _ = kill_process(pid, Signal::INT);
    let start = Instant::now();
    while folder.join("data/postmaster.pid").exists() && start.elapsed() < PATIENCE {
        thread::sleep(Duration::from_millis(20));
    }
    let _ = fs::remove_dir_all(folder);
}

/// The folder with PostgreSQL's programs: on the PATH, or where Debian keeps them.
fn provide() -> Result<PathBuf> {
    if let Some(programs) = find() {
        return Ok(programs);
    }
    debian::install(&["postgresql"])?;
    find().context("PostgreSQL was installed, but its programs are not under /usr/lib/postgresql")
}

/// Sees that `pg_dump` and `pg_restore` are on the PATH, by which backups are made and restored.
pub fn provide_client() -> Result<()> {
    match process::find("pg_dump") {
        Some(_) => Ok(()),
        None => debian::install(&["postgresql-client"]),
    }
}

fn find() -> Option<PathBuf> {
    let on_path =
        std::env::var_os("PATH").into_iter().flat_map(|path| std::env::split_paths(&path).collect::<Vec<_>>());
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut debian: Vec<_> = versions.map(|version| version.path().join("bin")).collect();
    debian.sort();
    let needed = ["initdb", "postgres", "pg_isready"];
    on_path.chain(debian.into_iter().rev()).find(|folder| needed.iter().all(|name| folder.join(name).is_file()))
}

/// Whom it runs as, when we are root.
fn account() -> Result<Option<(u32, u32)>> {
    if !process::is_root() {
        return Ok(None);
    }
    let number = |flag: &str| -> Result<u32> {
        let id = |user: &str| process::output(Command::new("id").args([flag, user]));
        Ok(id("postgres").or_else(|_| id("nobody"))?.trim().parse()?)
    };
    Ok(Some((number("-u")?, number("-g")?)))
}

/// Removes what a run left that was killed.
fn sweep() {
    for entry in fs::read_dir(std::env::temp_dir()).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let owner = name.to_str().and_then(|name| name.strip_prefix(PREFIX)?.split('-').next());
        if owner.is_some_and(|owner| !Path::new("/proc").join(owner).exists()) && Path::new("/proc/self").exists() {
            if let Some(server) = server_of(&entry.path()) {
                let _ = kill_process(server, Signal::INT);
            }
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

/// The server that still runs on a folder that was left. Anybody could have written its file, so the process has to
/// name the folder too.
fn server_of(folder: &Path) -> Option<Pid> {
    let file = fs::read_to_string(folder.join("data/postmaster.pid")).ok()?;
    let number = file.lines().next()?.trim();
    let command = fs::read(Path::new("/proc").join(number).join("cmdline")).ok()?;
    let ours = String::from_utf8_lossy(&command).contains(folder.to_str()?);
    Pid::from_raw(number.parse().ok()?).filter(|_| ours)
}

/// The last lines of a log.
fn tail(log: &Path) -> String {
    let text = fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<_> = text.lines().collect();
    lines.get(lines.len().saturating_sub(10)..).unwrap_or_default().join("\n")
}

/// A number that nobody can guess: the seed of the standard library's hash maps.
fn random() -> u64 {
    RandomState::new().build_hasher().finish()
}
