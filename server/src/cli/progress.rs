//! How far a long command is, on the terminal: one line that is written over.

use std::cell::Cell;
use std::io::{self, IsTerminal as _, Write as _};
use std::time::{Duration, Instant};

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
        let _ = write!(out, "\r\x1b[K{percent} % of {} {}", bytes(progress.all_bytes), self.doing);
        let _ = out.flush();
    }

    /// What was done in all, for a sentence; the line that was written over is gone then.
    pub fn sum(&self, done: &Progress) -> String {
        if self.seen {
            eprint!("\r\x1b[K");
        }
        let seconds = self.begun.elapsed().as_secs_f64();
        format!("the database ({}) and {} of files in {seconds:.1} s", bytes(done.database), bytes(done.bytes))
    }
}

/// A size for people: `0 B`, `1.5 MiB`.
fn bytes(count: u64) -> String {
    const UNITS: [&str; 5] = ["B", "KiB", "MiB", "GiB", "TiB"];
    // The largest unit of which there is at least one.
    let power = (count.max(1).ilog2() / 10).min(4);
    let unit = UNITS[power as usize];
    let tenths = (u128::from(count) * 10) >> (10 * power);
    if power == 0 { format!("{count} B") } else { format!("{}.{} {unit}", tenths / 10, tenths % 10) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_for_people() {
        for (count, expected) in
            [(0, "0 B"), (1023, "1023 B"), (1024, "1.0 KiB"), (1536 << 10, "1.5 MiB"), (u64::MAX, "16777215.9 TiB")]
        {
            assert_eq!(bytes(count), expected);
        }
    }
}
