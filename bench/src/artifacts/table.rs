//! The figures as one table: ours, the limits for the same work, and how near we come.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use super::subject::{Limit, Subject};
use crate::report::{machine, thousands};

/// All figures of a run. Rates are in megabytes (10⁶) a second.
#[derive(Debug, Default)]
pub struct Table {
    ours: BTreeMap<Subject, Vec<f64>>,
    limits: BTreeMap<Limit, Vec<f64>>,
    memory: Vec<(String, String)>,
}

impl Table {
    /// Adds what the program did, and says so.
    pub fn add(&mut self, subject: Subject, bytes: usize, took: Duration) {
        let rate = rate(bytes, took);
        println!("{:>10}  {}: {} MB/s", "ours", subject.words(), thousands(rate));
        self.ours.entry(subject).or_default().push(rate);
    }

    /// Adds what the machine did, and says so.
    pub fn limit(&mut self, limit: Limit, bytes: usize, took: Duration) {
        let rate = rate(bytes, took);
        println!("{:>10}  {}: {} MB/s", "limit", limit.words(), thousands(rate));
        self.limits.entry(limit).or_default().push(rate);
    }

    /// Adds the program's memory before such an upload, after it, and the most in between.
    pub fn memory(&mut self, what: &str, (start, (end, peak)): (u64, (u64, u64)), bytes: usize, took: Duration) {
        let [start, end, peak] = [start, end, peak].map(|bytes| bytes.div_ceil(1_000_000));
        let figure = format!("{peak} MB ({start} before, {end} after; {} MB/s)", thousands(rate(bytes, took)));
        println!("{:>10}  {what}: {figure}", "memory");
        self.memory.push((what.to_owned(), figure));
    }

    fn of(&self, limit: Limit) -> Option<f64> {
        median(self.limits.get(&limit)?)
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n", machine())?;
        writeln!(
            f,
            "| quantity | aim | ours | each limit by itself | of the slowest | all of them in one bare server | of that |"
        )?;
        writeln!(f, "|---|---|---|---|---|---|---|")?;
        for (subject, rates) in &self.ours {
            let ours = median(rates).unwrap_or_default();
            let ratio = |limit: f64| format!("{:.0} %", 100.0 * ours / limit);
            let mut limits: Vec<_> =
                subject.limits().iter().filter_map(|limit| Some((self.of(*limit)?, limit.words()))).collect();
            limits.sort_by(|a, b| a.0.total_cmp(&b.0));
            let slowest = limits.first().map(|(slowest, _)| ratio(*slowest)).unwrap_or_default();
            let limits: Vec<_> =
                limits.iter().map(|(rate, words)| format!("{words}: {} MB/s", thousands(*rate))).collect();
            let together = subject.together().and_then(|limit| self.of(limit));
            let (together, near) =
                together.map(|rate| (format!("{} MB/s", thousands(rate)), ratio(rate))).unwrap_or_default();
            let (words, ours, limits) = (subject.words(), spread(rates), limits.join("; "));
            writeln!(f, "| {words} | ≥ 70 % | {ours} | {limits} | {slowest} | {together} | {near} |")?;
        }
        for (what, figure) in &self.memory {
            writeln!(f, "| most memory, {what} | ≤ 100 MB | {figure} | | | | |")?;
        }
        Ok(())
    }
}

fn rate(bytes: usize, took: Duration) -> f64 {
    bytes as f64 / took.as_secs_f64() / 1e6
}

fn median(rates: &[f64]) -> Option<f64> {
    let mut rates = rates.to_vec();
    rates.sort_by(f64::total_cmp);
    rates.get(rates.len() / 2).copied()
}

/// The median and, of several rounds, what lay around it.
fn spread(rates: &[f64]) -> String {
    let middle = thousands(median(rates).unwrap_or_default());
    let (least, most) =
        rates.iter().fold((f64::MAX, f64::MIN), |(least, most), rate| (least.min(*rate), most.max(*rate)));
    if rates.len() < 2 {
        return format!("{middle} MB/s");
    }
    format!("{middle} MB/s ({} to {})", thousands(least), thousands(most))
}
