//! A running test instance.

use std::fs;
use std::net::SocketAddr;
use std::process::ExitStatus;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Error, Result};

use crate::config::{InstanceConfig, command_output};
use crate::server_process::{MemoryUsage, ServerProcess};

/// The line with which `groundglass serve` announces its address.
const ANNOUNCEMENT: &str = "Groundglass is at http://";
/// How long a server that listens may take to become ready.
const READY_TIMEOUT: Duration = Duration::from_secs(30);

/// A server of the real binary. Dropping it kills the process; its data stays.
#[derive(Debug)]
pub struct TestInstance {
    config: InstanceConfig,
    process: ServerProcess,
}

impl TestInstance {
    pub(crate) fn spawn(config: InstanceConfig) -> Result<Self> {
        let process = ServerProcess::spawn(&mut config.serve_command()?)?;
        Ok(Self { config, process })
    }

    /// Waits until the server has announced its address, and connections to it wait to be accepted.
    ///
    /// # Errors
    ///
    /// When the process exits first, or takes more than a minute. The error has the text of the log file, if there is one.
    pub fn wait_until_listening(&mut self) -> Result<()> {
        let announced = self.process.wait_for_announcement(ANNOUNCEMENT).map_err(|error| self.with_log(error))?;
        // A fixed address is known, and is announced by name where the server listens on all interfaces.
        if self.config.address.port() == 0 {
            let address = announced.trim_end_matches('/').parse();
            self.config.address = address.with_context(|| format!("'{announced}' is not an address"))?;
        }
        Ok(())
    }

    /// Waits until the server listens and `groundglass health` succeeds, that is, until its database and its file store
    /// answer.
    pub fn wait_until_ready(&mut self) -> Result<()> {
        self.wait_until_listening()?;
        let start = Instant::now();
        let address = self.config.address.to_string();
        while let Err(error) = command_output(&mut self.config.command(&["health", "--address", &address]), "") {
            if self.process.has_exited()? || start.elapsed() > READY_TIMEOUT {
                return Err(self.with_log(error));
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }

    /// The address on which the server listens; valid once [`Self::wait_until_listening`] has returned.
    pub fn address(&self) -> SocketAddr {
        self.config.address
    }

    /// The configuration, with the address in use.
    pub fn config(&self) -> &InstanceConfig {
        &self.config
    }

    /// The process id.
    pub fn pid(&self) -> u32 {
        self.process.pid()
    }

    /// Returns the memory that the server uses.
    pub fn memory(&self) -> Result<MemoryUsage> {
        self.process.memory()
    }

    /// Whether the server has exited.
    pub fn has_exited(&mut self) -> Result<bool> {
        self.process.has_exited()
    }

    /// Waits for the server to exit on its own.
    pub fn wait(&mut self) -> Result<ExitStatus> {
        self.process.wait()
    }

    /// Sends SIGTERM and waits for a successful exit.
    pub fn stop(self) -> Result<()> {
        self.process.stop()
    }

    /// Kills the server (SIGKILL): its data is left as after a crash.
    pub fn kill(&mut self) -> Result<()> {
        self.process.kill()
    }

    /// Kills the server and starts it again on the same data and address. Returns as soon as it listens.
    pub fn restart(&mut self) -> Result<()> {
        self.kill()?;
        self.process = ServerProcess::spawn(&mut self.config.serve_command()?)?;
        self.wait_until_listening()
    }

    fn with_log(&self, error: Error) -> Error {
        let log = self.config.log_file.as_ref().and_then(|file| fs::read_to_string(file).ok()).unwrap_or_default();
        if log.is_empty() { error } else { error.context(format!("the server did not start; its log:\n{log}")) }
    }
}
