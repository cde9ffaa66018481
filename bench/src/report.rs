//! All figures of a run as one table: ours, beside what the machine did at best in the same run.

use std::fmt;
use std::fs;

use crate::figure::Figure;

/// A quantity with what it is measured against.
#[derive(Debug)]
pub struct Row {
    quantity: String,
    aim: &'static str,
    ours: Figure,
    limits: Vec<(String, Figure)>,
}

/// The rows, in the order in which they were measured.
#[derive(Debug)]
pub struct Report {
    rows: Vec<Row>,
    /// How busy the machine was before.
    load: String,
}

impl Row {
    /// Without a limit yet.
    pub fn new(quantity: impl Into<String>, aim: &'static str, ours: Figure) -> Self {
        Self { quantity: quantity.into(), aim, ours, limits: Vec::new() }
    }

    /// Adds a limit. The first is the nearest to the same work.
    pub fn limit(mut self, what: impl Into<String>, limit: Figure) -> Self {
        self.limits.push((what.into(), limit));
        self
    }
}

impl Report {
    /// Without rows.
    pub fn new() -> Self {
        Self { rows: Vec::new(), load: load() }
    }

    /// Adds a row, and says so.
    pub fn add(&mut self, row: Row) {
        println!("{}: {}", row.quantity, row.ours);
        for (what, limit) in &row.limits {
            println!("    {what}: {limit}");
        }
        self.rows.push(row);
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}, load {} before and {} at the end\n", machine(), self.load, load())?;
        writeln!(f, "| quantity | aim | ours | limit in the same run | ratio |\n|---|---|---|---|---|")?;
        for Row { quantity, aim, ours, limits } in &self.rows {
            let mut limits = limits.iter().map(|(what, limit)| (format!("{what}: {limit}"), ours.of(limit)));
            let (limit, ratio) = limits.next().unwrap_or_default();
            writeln!(f, "| {quantity} | {aim} | {ours} | {limit} | {ratio} |")?;
            for (limit, ratio) in limits {
                writeln!(f, "| | | | {limit} | {ratio} |")?;
            }
        }
        Ok(())
    }
}

/// On what it ran.
fn machine() -> String {
    let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
    let cpuinfo = read("/proc/cpuinfo");
    let model = cpuinfo
        .lines()
        .find_map(|line| line.strip_prefix("model name"))
        .unwrap_or("")
        .trim_start_matches([' ', '\t', ':']);
    let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
    format!("{cores} cores, {model}, Linux {}", read("/proc/sys/kernel/osrelease").trim())
}

/// How many wanted the processors in the last minute.
fn load() -> String {
    let all = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    all.split(' ').next().unwrap_or_default().to_owned()
}
