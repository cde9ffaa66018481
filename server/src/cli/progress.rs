//! Progress of a long command, as one line on the terminal that is updated in place.

use std::cell::Cell;
use std::io::{self, IsTerminal as _, Write as _};
use std::time::{Duration, Instant};

use domain::format;
use tracker::BackupProgress;

/// A progress line on standard error. Shows nothing if standard error is not a terminal.
pub struct ProgressLine {
    action: &'static str,
    started: Instant,
    last_update: Cell<Instant>,
    visible: bool,
}

impl ProgressLine {
    /// Starts the clock. `action` is a past participle shown after the figures, such as "restored".
    pub fn new(action: &'static str) -> Self {
        let now = Instant::now();
        Self { action, started: now, last_update: Cell::new(now), visible: io::stderr().is_terminal() }
    }

    /// Updates the line, at most every 200 ms.
    pub fn update(&self, progress: BackupProgress) {
        if !self.visible || self.last_update.get().elapsed() < Duration::from_millis(200) {
            return;
        }
        self.last_update.set(Instant::now());
        let percent = (progress.bytes * 100).checked_div(progress.total_bytes).unwrap_or(100);
        let mut out = io::stderr().lock();
        let _ = write!(out, "\r\x1b[K{percent} % of {} {}", format::bytes(progress.total_bytes), self.action);
        let _ = out.flush();
    }

    /// Clears the line and returns the totals as a phrase: sizes of database and files, and the time taken.
    pub fn finish(&self, done: &BackupProgress) -> String {
        if self.visible {
            eprint!("\r\x1b[K");
        }
        let seconds = self.started.elapsed().as_secs_f64();
        format!(
            "the database ({}) and {} of files in {seconds:.1} s",
            format::bytes(done.database_bytes),
            format::bytes(done.bytes)
        )
    }
}
