//! The debug server of the inner loop.

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

/// How long it may finish what it is doing; a page that waits for news keeps it from ending by itself.
const PATIENCE: Duration = Duration::from_millis(400);

/// The one that runs, for the handler of Ctrl-C.
static RUNNING: Mutex<Option<Pid>> = Mutex::new(None);

/// How to start the server, and the one that runs.
#[derive(Debug)]
pub struct Server {
    command: Command,
    running: Option<Child>,
}

impl Server {
    /// A server that is not started yet.
    pub fn new(workspace: &Workspace, site: &Path, serve: &[OsString]) -> Self {
        let mut command = process::program(workspace, workspace.target.join("debug/groundglass"));
        command.arg("serve").arg("--site-dir").arg(site).args(serve).stdin(Stdio::null());
        Self { command, running: None }
    }

    /// Starts it.
    pub fn start(&mut self) -> Result<()> {
        let child = self.command.spawn().context("cannot start target/debug/groundglass")?;
        remember(Some(Pid::from_child(&child)));
        self.running = Some(child);
        Ok(())
    }

    /// Ends it, gently at first.
    pub fn stop(&mut self) {
        let Some(mut child) = self.running.take() else { return };
        remember(None);
        let _ = kill_process(Pid::from_child(&child), Signal::TERM);
        let start = Instant::now();
        while start.elapsed() < PATIENCE && matches!(child.try_wait(), Ok(None)) {
            thread::sleep(Duration::from_millis(10));
        }
        let _ = child.kill();
        let _ = child.wait();
    }
}

/// Ends the server that runs, if one does.
pub fn stop_running() {
    if let Some(pid) = RUNNING.lock().ok().and_then(|mut running| running.take()) {
        let _ = kill_process(pid, Signal::TERM);
    }
}

fn remember(pid: Option<Pid>) {
    if let Ok(mut running) = RUNNING.lock() {
        *running = pid;
    }
}
