//! How far a long command is, on the terminal: one line that is written over.

use std::cell::Cell;
use std::io::{self, IsTerminal as _, Write as _};
use std::time::{Duration, Instant};

use domain::format;
use tracker::Progress;

/// Writes to standard error, and only where a person sees it.
pub struct Counter {
    doing: &'static str,
    begun: Instant,
    last: Cell<Instant>,
    seen: bool,
}

impl Counter {
    /// Begins to count the seconds. `doing` follows the figures.
    pub fn new(doing: &'static str) -> Self {
        let now = Instant::now();
        Self { doing, begun: now, last: Cell::new(now), seen: io::stderr().is_terminal() }
    }

    /// Tells how far it is, a few times a second.
    pub fn tell(&self, progress: Progress) {
        if !self.seen || self.last.get().elapsed() < Duration::from_millis(200) {
            return;
        }
        self.last.set(Instant::now());
        let percent = (progress.bytes * 100).checked_div(progress.all_bytes).unwrap_or(100);
        let mut out = io::stderr().lock();
        let _ = write!(out, "\r\x1b[K{percent} % of {} {}", format::bytes(progress.all_bytes), self.doing);
        let _ = out.flush();
    }

    /// What was done in all, for a sentence; the line that was written over is gone then.
    pub fn sum(&self, done: &Progress) -> String {
        if self.seen {
            eprint!("\r\x1b[K");
        }
        let seconds = self.begun.elapsed().as_secs_f64();
        format!(
            "the database ({}) and {} of files in {seconds:.1} s",
            format::bytes(done.database),
            format::bytes(done.bytes)
        )
    }
}
