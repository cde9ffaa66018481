//! Progress: one line per step, with how long it took.

use std::io::Write as _;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

/// A step that prints nothing itself.
pub fn quiet<T>(name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    print!("   {name} … ");
    // Only so that the name is seen while the work goes on.
    let _ = std::io::stdout().flush();
    let start = Instant::now();
    match work() {
        Ok(value) => {
            println!("{}", seconds(start.elapsed()));
            Ok(value)
        }
        Err(error) => {
            println!("failed");
            Err(error).with_context(|| name.to_owned())
        }
    }
}

/// A step that shows the output of the commands that it runs.
pub fn loud<T>(name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    println!("── {name}");
    let start = Instant::now();
    let value = work().with_context(|| name.to_owned())?;
    println!("   {name}: {}", seconds(start.elapsed()));
    Ok(value)
}

/// A step that is not needed.
pub fn skipped(name: &str, why: &str) {
    println!("   {name}: {why}");
}

/// A duration as a person reads it.
pub fn seconds(duration: Duration) -> String {
    if duration < Duration::from_millis(100) {
        format!("{} ms", duration.as_millis())
    } else {
        format!("{:.1} s", duration.as_secs_f64())
    }
}
