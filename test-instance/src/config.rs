//! The configuration of a test instance, and the commands that run on its data.

use std::env;
use std::ffi::OsStr;
use std::fs::File;
use std::io::Write as _;
use std::iter;
use std::net::{Ipv4Addr, SocketAddr};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, ensure};

use crate::instance::TestInstance;

/// The binary, its data and the options of its server.
///
/// Variables of the environment that begin with `GROUNDGLASS_` are not passed on: they are meant for another server.
#[derive(Debug, Clone)]
pub struct InstanceConfig {
    binary: PathBuf,
    data_dir: PathBuf,
    database_url: Option<String>,
    blob_url: Option<String>,
    pub(crate) address: SocketAddr,
    serve_arguments: Vec<String>,
    pub(crate) log_file: Option<PathBuf>,
    own_process_group: bool,
}

impl InstanceConfig {
    /// Configures a server with SQLite and files in `data_dir`, on any free port of 127.0.0.1. Its log goes to the standard
    /// error of this process.
    pub fn new(binary: impl Into<PathBuf>, data_dir: impl Into<PathBuf>) -> Self {
        Self {
            binary: binary.into(),
            data_dir: data_dir.into(),
            database_url: None,
            blob_url: None,
            address: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            serve_arguments: Vec::new(),
            log_file: None,
            own_process_group: false,
        }
    }

    /// Uses a PostgreSQL database.
    #[must_use]
    pub fn with_database_url(mut self, url: impl Into<String>) -> Self {
        self.database_url = Some(url.into());
        self
    }

    /// Stores files in an object store.
    #[must_use]
    pub fn with_blob_url(mut self, url: impl Into<String>) -> Self {
        self.blob_url = Some(url.into());
        self
    }

    /// Listens on this address.
    #[must_use]
    pub fn with_address(mut self, address: SocketAddr) -> Self {
        self.address = address;
        self
    }

    /// Adds arguments to `groundglass serve`.
    #[must_use]
    pub fn with_serve_arguments(mut self, arguments: &[&str]) -> Self {
        self.serve_arguments.extend(arguments.iter().map(|argument| (*argument).to_owned()));
        self
    }

    /// Writes the server's log to a file, which is truncated at each start.
    #[must_use]
    pub fn with_log_file(mut self, file: impl Into<PathBuf>) -> Self {
        self.log_file = Some(file.into());
        self
    }

    /// Starts the server in a process group of its own, which Ctrl-C in a terminal does not reach.
    #[must_use]
    pub fn with_own_process_group(mut self) -> Self {
        self.own_process_group = true;
        self
    }

    /// The data directory.
    pub fn data_dir(&self) -> &Path {
        &self.data_dir
    }

    /// The URL of the PostgreSQL database; `None` for SQLite.
    pub fn database_url(&self) -> Option<&str> {
        self.database_url.as_deref()
    }

    /// Returns a command of the binary that runs on this data. Its standard input is empty.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.binary);
        for (name, _) in env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("GROUNDGLASS_")) {
            command.env_remove(name);
        }
        command.args(arguments).env("GROUNDGLASS_DATA_DIR", &self.data_dir).stdin(Stdio::null());
        command.envs(self.database_url.iter().map(|url| ("GROUNDGLASS_DATABASE_URL", url)));
        command.envs(self.blob_url.iter().map(|url| ("GROUNDGLASS_BLOB_URL", url)));
        command
    }

    /// Creates an owner of the default organization.
    pub fn create_owner(&self, name: &str, email: &str, password: &str) -> Result<()> {
        let arguments = ["user", "create", "--role", "owner", "--password-stdin", "--name", name, "--email", email];
        command_output(&mut self.command(&arguments), password).map(drop)
    }

    /// Creates an API token of this user and returns its secret. The scope is `read` or `write`.
    pub fn create_token(&self, email: &str, scope: &str) -> Result<String> {
        let token = command_output(&mut self.command(&["token", "create", "--scope", scope, "--email", email]), "")?;
        Ok(token.trim().to_owned())
    }

    /// Starts the server and waits until it is ready.
    pub fn start(&self) -> Result<TestInstance> {
        let mut instance = self.spawn()?;
        instance.wait_until_ready()?;
        Ok(instance)
    }

    /// Starts the server and returns at once, before it listens.
    pub fn spawn(&self) -> Result<TestInstance> {
        TestInstance::spawn(self.clone())
    }

    /// Returns the command that starts the server.
    pub(crate) fn serve_command(&self) -> Result<Command> {
        let mut command = self.command(&["serve", "--address", &self.address.to_string()]);
        command.args(&self.serve_arguments);
        if let Some(file) = &self.log_file {
            command.stderr(File::create(file).with_context(|| format!("cannot create {}", file.display()))?);
        }
        if self.own_process_group {
            command.process_group(0);
        }
        Ok(command)
    }
}

/// Returns the command without its environment, which may contain the password of a database.
pub(crate) fn command_line(command: &Command) -> String {
    let words = iter::once(command.get_program()).chain(command.get_args());
    words.map(OsStr::to_string_lossy).collect::<Vec<_>>().join(" ")
}

/// Runs a command to its end with this standard input and returns its standard output.
pub(crate) fn command_output(command: &mut Command, input: &str) -> Result<String> {
    let name = command_line(command);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().with_context(|| format!("cannot start {name}"))?;
    child.stdin.take().context("the standard input is not piped")?.write_all(input.as_bytes())?;
    let output = child.wait_with_output()?;
    ensure!(output.status.success(), "{name}: {}: {}", output.status, String::from_utf8_lossy(&output.stderr).trim());
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
