//! The results of a run as a table: Groundglass next to the limits of the machine in the same run.

use std::fmt;
use std::fs;

use crate::measurement::Measurement;

/// A quantity with its limits.
#[derive(Debug)]
pub struct ReportRow {
    quantity: String,
    target: &'static str,
    measured: Measurement,
    limits: Vec<(String, Measurement)>,
}

/// The rows in the order in which they were measured.
#[derive(Debug)]
pub struct Report {
    rows: Vec<ReportRow>,
    /// The load average before the run.
    load_before: String,
}

impl ReportRow {
    /// Returns a row without limits.
    pub fn new(quantity: impl Into<String>, target: &'static str, measured: Measurement) -> Self {
        Self { quantity: quantity.into(), target, measured, limits: Vec::new() }
    }

    /// Adds a limit. The first one should be the one of the most similar work.
    pub fn with_limit(mut self, name: impl Into<String>, limit: Measurement) -> Self {
        self.limits.push((name.into(), limit));
        self
    }
}

impl Report {
    /// Returns an empty report.
    pub fn new() -> Self {
        Self { rows: Vec::new(), load_before: load_average() }
    }

    /// Adds a row and prints it.
    pub fn add(&mut self, row: ReportRow) {
        println!("{}: {}", row.quantity, row.measured);
        for (name, limit) in &row.limits {
            println!("    {name}: {limit}");
        }
        self.rows.push(row);
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}, load {} before and {} after\n", machine_description(), self.load_before, load_average())?;
        writeln!(f, "| quantity | target | Groundglass | limit in the same run | ratio |\n|---|---|---|---|---|")?;
        for ReportRow { quantity, target, measured, limits } in &self.rows {
            let mut limits =
                limits.iter().map(|(name, limit)| (format!("{name}: {limit}"), measured.format_ratio(limit)));
            let (limit, ratio) = limits.next().unwrap_or_default();
            writeln!(f, "| {quantity} | {target} | {measured} | {limit} | {ratio} |")?;
            for (limit, ratio) in limits {
                writeln!(f, "| | | | {limit} | {ratio} |")?;
            }
        }
        Ok(())
    }
}

/// Returns the number of cores, the CPU model and the kernel version.
fn machine_description() -> String {
    let read_file = |path: &str| fs::read_to_string(path).unwrap_or_default();
    let cpuinfo = read_file("/proc/cpuinfo");
    let model = cpuinfo
        .lines()
        .find_map(|line| line.strip_prefix("model name"))
        .unwrap_or("")
        .trim_start_matches([' ', '\t', ':']);
    let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
    format!("{cores} cores, {model}, Linux {}", read_file("/proc/sys/kernel/osrelease").trim())
}

/// Returns the load average of the last minute.
fn load_average() -> String {
    let averages = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    averages.split(' ').next().unwrap_or_default().to_owned()
}
