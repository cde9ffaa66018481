//! Programs that run beside this one and end with it, gently.

use std::os::unix::process::CommandExt as _;
use std::process::{self, Command, ExitStatus};
use std::sync::{Arc, Mutex};

use anyhow::{Context as _, Result};
use rustix::process::{Pid, Signal, kill_process};

/// All that run. They are in process groups of their own: Ctrl-C reaches them through [`Children::stop`], once.
#[derive(Debug, Clone)]
pub struct Children(Arc<Mutex<Vec<Pid>>>);

/// One of them. It is told to end when it is dropped.
#[derive(Debug)]
pub struct Child {
    process: process::Child,
    all: Children,
}

impl Children {
    /// None yet. From now on Ctrl-C and SIGTERM stop them, and this program goes on to its end.
    pub fn new() -> Result<Self> {
        let children = Self(Arc::default());
        let told = children.clone();
        ctrlc::set_handler(move || told.stop()).context("cannot listen for Ctrl-C")?;
        Ok(children)
    }

    /// Starts one.
    pub fn start(&self, command: &mut Command) -> Result<Child> {
        let name = command.get_program().to_string_lossy().into_owned();
        let process = command.process_group(0).spawn().with_context(|| format!("cannot start {name}"))?;
        self.running().push(Pid::from_child(&process));
        Ok(Child { process, all: self.clone() })
    }

    /// Tells all of them to end.
    pub fn stop(&self) {
        for pid in self.running().iter() {
            let _ = kill_process(*pid, Signal::INT);
        }
    }

    fn running(&self) -> std::sync::MutexGuard<'_, Vec<Pid>> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl Child {
    /// Waits for its end.
    pub fn wait(&mut self) -> Result<ExitStatus> {
        let status = self.process.wait()?;
        self.forget();
        Ok(status)
    }

    /// Whether it ended by itself.
    pub fn has_ended(&mut self) -> Result<bool> {
        let ended = self.process.try_wait()?.is_some();
        if ended {
            self.forget();
        }
        Ok(ended)
    }

    /// Its number may become another's.
    fn forget(&self) {
        let own = Pid::from_child(&self.process);
        self.all.running().retain(|pid| *pid != own);
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        if let Ok(false) = self.has_ended() {
            let _ = kill_process(Pid::from_child(&self.process), Signal::INT);
            let _ = self.wait();
        }
    }
}
