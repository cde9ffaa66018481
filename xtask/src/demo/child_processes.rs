//! Child processes that Ctrl-C stops gracefully.

use std::os::unix::process::CommandExt as _;
use std::process::{Command, ExitStatus};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::{Context as _, Result};
use rustix::process::{Pid, Signal, kill_process};

/// The running child processes. Each is in a process group of its own, so that Ctrl-C reaches it once, through
/// [`ChildProcesses::stop_all`].
#[derive(Debug, Clone)]
pub struct ChildProcesses(Arc<Mutex<Vec<Pid>>>);

/// Keeps a process registered; dropped when the process has exited.
#[derive(Debug)]
pub struct RegisteredChild {
    pid: Pid,
    children: ChildProcesses,
}

impl ChildProcesses {
    /// Returns an empty registry. From now on, Ctrl-C and SIGTERM stop the registered processes and this process continues.
    pub fn stop_on_interrupt() -> Result<Self> {
        let children = Self(Arc::default());
        let handler = children.clone();
        ctrlc::set_handler(move || handler.stop_all()).context("cannot install a handler for Ctrl-C")?;
        Ok(children)
    }

    /// Registers a process that is in a process group of its own.
    pub fn register(&self, pid: u32) -> Result<RegisteredChild> {
        let pid = Pid::from_raw(i32::try_from(pid)?).context("a process id is not 0")?;
        self.pids().push(pid);
        Ok(RegisteredChild { pid, children: self.clone() })
    }

    /// Runs a command to its end, registered.
    pub fn run(&self, command: &mut Command) -> Result<ExitStatus> {
        let mut child = command.process_group(0).spawn().with_context(|| format!("cannot start {command:?}"))?;
        let _registered = self.register(child.id())?;
        Ok(child.wait()?)
    }

    /// Sends SIGINT to all of them.
    pub fn stop_all(&self) {
        for pid in self.pids().iter() {
            let _ = kill_process(*pid, Signal::INT);
        }
    }

    fn pids(&self) -> MutexGuard<'_, Vec<Pid>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for RegisteredChild {
    /// Forgets the process, whose id may be reused.
    fn drop(&mut self) {
        self.children.pids().retain(|pid| *pid != self.pid);
    }
}
