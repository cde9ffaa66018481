//! The real program as a process.

use std::env;
use std::io::{BufRead as _, BufReader, Lines};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

/// A running one; dropping it kills it.
pub struct Program {
    process: Child,
    pub address: SocketAddr,
    /// Kept open: a program that prints to nobody ends.
    _output: Lines<BufReader<ChildStdout>>,
}

impl Program {
    /// Starts on a data directory, at an address or at any that is free, and returns when it takes connections.
    pub fn start(data_dir: &Path, address: Option<SocketAddr>) -> Self {
        let address = address.map_or_else(|| "127.0.0.1:0".to_owned(), |address| address.to_string());
        let mut process = Command::new(binary())
            .args(["serve", "--log", "warn", "--address", &address])
            .env("GROUNDGLASS_DATA_DIR", data_dir)
            .env_remove("GROUNDGLASS_DATABASE_URL")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let output = BufReader::new(process.stdout.take().unwrap());
        let mut lines = output.lines();
        let announced = |line: String| line.strip_prefix("Groundglass is at http://")?.trim_matches('/').parse().ok();
        let address = lines.find_map(|line| announced(line.unwrap()));
        let Some(address) = address else { panic!("the program ended when it started: {}", process.wait().unwrap()) };
        Self { process, address, _output: lines }
    }

    /// Ends it without a warning.
    pub fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The one that cargo built for this test, unless the environment names another.
fn binary() -> String {
    env::var("GROUNDGLASS_BINARY").unwrap_or_else(|_| env!("CARGO_BIN_EXE_groundglass").to_owned())
}
