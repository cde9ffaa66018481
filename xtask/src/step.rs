//! Progress output: one line per step, with its duration.

use std::io::Write as _;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

/// Runs a step that prints nothing itself.
pub fn run_quietly<T>(name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    print!("   {name} … ");
    // Shows the name while the step runs; a failure does not matter.
    let _ = std::io::stdout().flush();
    let start = Instant::now();
    match work() {
        Ok(value) => {
            println!("{}", format_duration(start.elapsed()));
            Ok(value)
        }
        Err(error) => {
            println!("failed");
            Err(error).with_context(|| name.to_owned())
        }
    }
}

/// Runs a step whose commands print their own output.
pub fn run_with_output<T>(name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    println!("── {name}");
    let start = Instant::now();
    let value = work().with_context(|| name.to_owned())?;
    println!("   {name}: {}", format_duration(start.elapsed()));
    Ok(value)
}

/// Reports that a step was skipped, and why.
pub fn report_skipped(name: &str, reason: &str) {
    println!("   {name}: {reason}");
}

/// Formats a duration in milliseconds or seconds.
pub fn format_duration(duration: Duration) -> String {
    if duration < Duration::from_millis(100) {
        format!("{} ms", duration.as_millis())
    } else {
        format!("{:.1} s", duration.as_secs_f64())
    }
}
