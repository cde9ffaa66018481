//! The figures as one table.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;

use crate::latency::Latency;
use crate::place::Engine;

/// What is measured, in the order of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Quantity {
    /// One point a request, from many connections.
    Singles,
    /// One point a request, from one connection.
    Alone,
    /// A thousand points a request, all of one line.
    OneLine,
    /// A thousand points a request, for twenty lines.
    TwentyLines,
    /// A chart of a line with a million points.
    ChartOfMillion,
    /// A chart of the longest line.
    ChartOfLongest,
    /// Room for a point that fits 32 bits.
    BytesSingle,
    /// Room for a point that does not.
    BytesFull,
    /// All points of a line with a million.
    Export,
    /// Filling the longest line, without HTTP.
    Fill,
    /// The program's memory.
    Memory,
    /// Commits of the disk.
    Commits,
}

impl Quantity {
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Singles => ("single-point requests, 32 connections", "≥ 20,000/s, p99 ≤ 15 ms"),
            Self::Alone => ("single-point requests, one connection alone", "p50 ≤ 1 ms"),
            Self::OneLine => ("requests of 1,000 points for one line, 4 connections", "≥ 1,000,000 points/s"),
            Self::TwentyLines => ("requests of 1,000 points for twenty lines, 4 connections", "≥ 500,000 points/s"),
            Self::ChartOfMillion => ("chart of 1,000 px from 1 M points", "≤ 5 ms"),
            Self::ChartOfLongest => ("the same from the longest line", "≤ 5 ms"),
            Self::BytesSingle => ("disk, values that fit 32 bits", "≤ 6 bytes a point"),
            Self::BytesFull => ("disk, values of 64 bits", "≤ 10 bytes a point"),
            Self::Export => ("all points of a 1 M line over HTTP", "≤ 0.5 s"),
            Self::Fill => ("filling the longest line, without HTTP", ""),
            Self::Memory => ("memory at the start, after each load above, and the most in between", "flat"),
            Self::Commits => ("durable commits of the disk, one writer", ""),
        }
    }
}

/// All figures of a run.
#[derive(Debug)]
pub struct Report {
    figures: BTreeMap<Quantity, BTreeMap<&'static str, String>>,
}

impl Report {
    /// Without figures.
    pub fn new() -> Self {
        Self { figures: BTreeMap::new() }
    }

    /// Adds what an engine did, and says so.
    pub fn add(&mut self, quantity: Quantity, engine: &Engine, figure: &str) {
        println!("{:>10}  {}: {figure}", engine.name(), quantity.words().0);
        self.note(quantity, engine.name(), figure);
    }

    /// Adds what the machine does at best, and says so.
    pub fn limit(&mut self, quantity: Quantity, what: &str, figure: &str) {
        println!("{:>10}  {}: {what}: {figure}", "limit", quantity.words().0);
        self.note(quantity, "limit", &format!("{what}: {figure}"));
    }

    fn note(&mut self, quantity: Quantity, column: &'static str, figure: &str) {
        let figures = self.figures.entry(quantity).or_default().entry(column).or_default();
        if !figures.is_empty() {
            figures.push_str("; ");
        }
        figures.push_str(figure);
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n", machine())?;
        writeln!(f, "| quantity | aim | SQLite | PostgreSQL | limit in the same run |\n|---|---|---|---|---|")?;
        for (quantity, figures) in &self.figures {
            let (name, aim) = quantity.words();
            let column = |name: &str| figures.get(name).map_or("", String::as_str);
            let [sqlite, postgres, limit] = ["SQLite", "PostgreSQL", "limit"].map(column);
            writeln!(f, "| {name} | {aim} | {sqlite} | {postgres} | {limit} |")?;
        }
        Ok(())
    }
}

/// Requests a second, and how long they took.
pub fn requests(latency: &mut Latency) -> String {
    let (rate, p50, p99) = (latency.rate(), latency.percentile(50), latency.percentile(99));
    format!("{}/s, p50 {p50:.2} ms, p99 {p99:.2} ms", thousands(rate))
}

/// Points a second, when each request has a thousand.
pub fn points(latency: &Latency) -> String {
    format!("{} points/s", thousands(latency.rate() * 1_000.0))
}

/// A number that is read at a glance.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "rates are small and positive")]
pub fn thousands(number: f64) -> String {
    let digits = (number.round() as u64).to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// On what it ran.
pub fn machine() -> String {
    let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
    let cpuinfo = read("/proc/cpuinfo");
    let model = cpuinfo
        .lines()
        .find_map(|line| line.strip_prefix("model name"))
        .unwrap_or("")
        .trim_start_matches([' ', '\t', ':']);
    let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
    let load = read("/proc/loadavg");
    let load = load.split(' ').next().unwrap_or("");
    format!("{cores} cores, {model}, Linux {}, load {load} at the end", read("/proc/sys/kernel/osrelease").trim())
}
