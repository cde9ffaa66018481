//! The program that is measured, as a process of its own.

use std::fs;
use std::io::{BufRead as _, BufReader, Lines};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use crate::place::Place;

/// A running program; dropping it kills it.
#[derive(Debug)]
pub struct Program {
    process: Child,
    /// Where it listens.
    pub address: SocketAddr,
    /// Kept open: a program that prints to nobody ends.
    _output: Lines<BufReader<ChildStdout>>,
}

/// Runs the program on a place until it takes connections.
pub fn serve(binary: &Path, place: &Place) -> Result<Program> {
    start(command(binary, place).args(["--log", "warn"]))
}

/// The same; it notes each request in a file, as JSON.
pub fn serve_noting(binary: &Path, place: &Place, file: &Path) -> Result<Program> {
    let file = fs::File::create(file).with_context(|| format!("cannot create {}", file.display()))?;
    start(command(binary, place).args(["--log", "info", "--log-format", "json"]).stderr(file))
}

fn command(binary: &Path, place: &Place) -> Command {
    let mut command = Command::new(binary);
    command.args(["serve", "--address", "127.0.0.1:0"]).env("GROUNDGLASS_DATA_DIR", place.data_dir());
    command.env_remove("GROUNDGLASS_DATABASE_URL").stdin(Stdio::null());
    command.envs(place.database_url().map(|url| ("GROUNDGLASS_DATABASE_URL", url)));
    command
}

fn start(command: &mut Command) -> Result<Program> {
    Program::spawn(command, "Groundglass is at http://")
}

impl Program {
    /// Starts a command that prints its address behind these words.
    pub fn spawn(command: &mut Command, before_address: &str) -> Result<Self> {
        let mut process = command.stdout(Stdio::piped()).spawn().context("cannot start the program")?;
        let mut lines = BufReader::new(process.stdout.take().context("no standard output")?).lines();
        for line in &mut lines {
            let line = line?;
            if let Some(address) = line.strip_prefix(before_address) {
                let address = address.trim_end_matches('/').parse()?;
                return Ok(Self { process, address, _output: lines });
            }
        }
        bail!("the program ended when it started: {}", process.wait()?)
    }

    /// The memory that it has now, in bytes, and the most that it had.
    pub fn memory(&self) -> Result<(u64, u64)> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process.id()))?;
        let number = |what: &str| -> Result<u64> {
            let line = status.lines().find_map(|line| line.strip_prefix(what)).with_context(|| format!("no {what}"))?;
            Ok(line.trim().trim_end_matches(" kB").parse::<u64>()? * 1024)
        };
        Ok((number("VmRSS:")?, number("VmHWM:")?))
    }

    /// Asks it to end, and waits.
    pub fn stop(mut self) -> Result<()> {
        let asked = Command::new("kill").arg(self.process.id().to_string()).status()?;
        ensure!(asked.success(), "cannot ask the program to end");
        let begin = Instant::now();
        while begin.elapsed() < Duration::from_secs(60) {
            if let Some(status) = self.process.try_wait()? {
                ensure!(status.success(), "the program ended with {status}");
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        bail!("the program did not end within a minute")
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
