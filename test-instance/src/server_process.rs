//! A child process that serves, and announces its address on standard output.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use rustix::process::{Pid, Signal, kill_process};

use crate::config::command_line;

/// How long a process may take to announce its address.
const START_TIMEOUT: Duration = Duration::from_secs(60);
/// How long it may take to exit after SIGTERM.
const STOP_TIMEOUT: Duration = Duration::from_secs(60);

/// A running process. Dropping it kills it.
#[derive(Debug)]
pub struct ServerProcess {
    child: Child,
    /// The lines of its standard output.
    output: Receiver<String>,
}

/// Resident memory of a process, in bytes.
#[derive(Debug, Clone, Copy)]
pub struct MemoryUsage {
    /// What it uses now.
    pub current: u64,
    /// The most that it has used.
    pub peak: u64,
}

impl ServerProcess {
    /// Starts the command.
    pub fn spawn(command: &mut Command) -> Result<Self> {
        let mut child = command
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot start {}", command_line(command)))?;
        let stdout = BufReader::new(child.stdout.take().context("the standard output is not piped")?);
        let (sender, output) = channel();
        // Reads to the end even when the receiver is gone: a process that writes to a closed pipe gets SIGPIPE.
        thread::spawn(move || {
            for line in stdout.lines().map_while(Result::ok) {
                let _ = sender.send(line);
            }
        });
        Ok(Self { child, output })
    }

    /// Waits for a line that starts with `prefix` and returns the rest of the line.
    ///
    /// # Errors
    ///
    /// When the process exits first, or takes more than a minute.
    pub fn wait_for_announcement(&mut self, prefix: &str) -> Result<String> {
        let deadline = Instant::now() + START_TIMEOUT;
        loop {
            match self.output.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok(line) => {
                    if let Some(announced) = line.strip_prefix(prefix) {
                        return Ok(announced.to_owned());
                    }
                }
                Err(RecvTimeoutError::Disconnected) => {
                    bail!("the server exited before it announced its address: {}", self.child.wait()?)
                }
                Err(RecvTimeoutError::Timeout) => {
                    bail!("the server did not announce its address within {} s", START_TIMEOUT.as_secs())
                }
            }
        }
    }

    /// The process id.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Returns the memory that the process uses, from `/proc`.
    pub fn memory(&self) -> Result<MemoryUsage> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let bytes = |field: &str| -> Result<u64> {
            let line = status.lines().find_map(|line| line.strip_prefix(field));
            let line = line.with_context(|| format!("/proc/…/status has no {field}"))?;
            Ok(line.trim().trim_end_matches(" kB").parse::<u64>()? * 1024)
        };
        Ok(MemoryUsage { current: bytes("VmRSS:")?, peak: bytes("VmHWM:")? })
    }

    /// Whether the process has exited.
    pub fn has_exited(&mut self) -> Result<bool> {
        Ok(self.child.try_wait()?.is_some())
    }

    /// Waits for the process to exit on its own.
    pub fn wait(&mut self) -> Result<ExitStatus> {
        Ok(self.child.wait()?)
    }

    /// Sends SIGTERM and waits for a successful exit.
    ///
    /// # Errors
    ///
    /// When the process exits with an error, or does not exit within a minute; then it is killed.
    pub fn stop(mut self) -> Result<()> {
        kill_process(Pid::from_child(&self.child), Signal::TERM).context("cannot stop the server")?;
        let start = Instant::now();
        while start.elapsed() < STOP_TIMEOUT {
            if let Some(status) = self.child.try_wait()? {
                ensure!(status.success(), "the server exited with {status}");
                return Ok(());
            }
            thread::sleep(Duration::from_millis(10));
        }
        bail!("the server did not exit within {} s", STOP_TIMEOUT.as_secs())
    }

    /// Kills the process (SIGKILL) and waits for its end.
    pub fn kill(&mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }
}

impl Drop for ServerProcess {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
