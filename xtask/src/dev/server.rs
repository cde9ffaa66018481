//! The debug server of `cargo xtask dev`.

use std::ffi::OsString;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use rustix::process::{Pid, Signal, kill_process};

use crate::process;
use crate::workspace::Workspace;

/// How long the server may take to shut down. A page that long-polls `/dev/reload` would delay it further.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_millis(400);

/// The process id of the running server, for the handler of Ctrl-C.
static RUNNING: Mutex<Option<Pid>> = Mutex::new(None);

/// The command that starts the server, and the running process.
#[derive(Debug)]
pub struct DevServer {
    command: Command,
    running: Option<Child>,
}

impl DevServer {
    /// Returns a server that has not been started.
    pub fn new(workspace: &Workspace, site: &Path, serve: &[OsString]) -> Self {
        let mut command = process::workspace_command(workspace, workspace.target.join("debug/groundglass"));
        command.arg("serve").arg("--site-dir").arg(site).args(serve).stdin(Stdio::null());
        Self { command, running: None }
    }

    /// Starts the server.
    pub fn start(&mut self) -> Result<()> {
        let child = self.command.spawn().context("cannot start target/debug/groundglass")?;
        set_running(Some(Pid::from_child(&child)));
        self.running = Some(child);
        Ok(())
    }

    /// Stops the server: with SIGTERM, then with SIGKILL if it does not exit in time.
    pub fn stop(&mut self) {
        let Some(mut child) = self.running.take() else { return };
        set_running(None);
        let _ = kill_process(Pid::from_child(&child), Signal::TERM);
        let start = Instant::now();
        while start.elapsed() < SHUTDOWN_TIMEOUT && matches!(child.try_wait(), Ok(None)) {
            thread::sleep(Duration::from_millis(10));
        }
        let _ = child.kill();
        let _ = child.wait();
    }
}

/// Sends SIGTERM to the running server, if any.
pub fn stop_running_server() {
    if let Some(pid) = RUNNING.lock().ok().and_then(|mut running| running.take()) {
        let _ = kill_process(pid, Signal::TERM);
    }
}

fn set_running(pid: Option<Pid>) {
    if let Ok(mut running) = RUNNING.lock() {
        *running = pid;
    }
}
