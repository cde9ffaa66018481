//! Samples of a soak, and whether they are flat.

use std::fmt;
use std::time::Duration;

use super::load::Counters;
use crate::latency::Latencies;
use crate::measurement::{Measurement, Unit};
use crate::report::{Report, ReportRow};

/// How much larger a quantity of the last third may be than that of the first third. Single samples of a loaded machine differ
/// by more; a leak of one object per request would be much larger.
const TOLERANCE: f64 = 1.25;
/// Additional memory that the last third may take, in bytes: caches of the database and of the allocator.
const MEMORY_TOLERANCE: f64 = 16e6;
/// Additional file descriptors that the last third may take.
const FILE_TOLERANCE: f64 = 16.0;
/// The longest that a health check may take.
const MAX_HEALTH: Duration = Duration::from_secs(1);
/// The longest that a page may take.
const MAX_PAGE: Duration = Duration::from_secs(2);

/// A request whose latency is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Probe {
    /// `/healthz`.
    Health,
    /// The Logs page of an experiment.
    Page,
    /// A point of a line.
    Append,
}

impl Probe {
    /// All requests in the order in which they are sent.
    pub const ALL: [Self; 3] = [Self::Health, Self::Page, Self::Append];

    /// The name in the report.
    pub fn name(self) -> &'static str {
        match self {
            Self::Health => "/healthz",
            Self::Page => "the Logs page",
            Self::Append => "a logged point",
        }
    }
}

/// The state of the server, and the latencies since the previous sample.
#[derive(Debug)]
pub struct Sample {
    /// The time since the beginning of the load.
    pub at: Duration,
    /// Resident memory, in bytes.
    pub memory: u64,
    /// Number of open file descriptors.
    pub files: usize,
    /// The measured requests.
    pub latencies: Vec<(Probe, Duration)>,
}

impl fmt::Display for Sample {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:>5} s {:>5} MB {:>4} files", self.at.as_secs(), self.memory / 1_000_000, self.files)?;
        for probe in Probe::ALL {
            let mut latencies = latencies_of(std::slice::from_ref(self), probe);
            let (p50, max) = (latencies.percentile(50), latencies.percentile(100));
            write!(f, ", {} {p50:.1} ms (max {max:.1})", probe.name())?;
        }
        Ok(())
    }
}

/// The result of a soak.
#[derive(Debug)]
pub struct SoakOutcome {
    /// Resident memory before the load, in bytes.
    pub before: u64,
    /// The largest resident memory, in bytes.
    pub peak: u64,
    /// The samples after the warm-up.
    pub samples: Vec<Sample>,
    /// What the clients have done.
    pub counters: Counters,
    /// The duration of the load.
    pub duration: Duration,
}

impl SoakOutcome {
    /// Adds one row per quantity, which compares the last third with the first one.
    pub fn add_to_report(&self, report: &mut Report) {
        let minutes = self.duration.as_secs_f64() / 60.0;
        for (client, attempts) in &self.counters.attempts {
            println!("{client}: {attempts}");
        }
        self.counters.reasons.iter().for_each(|reason| println!("failed: {reason}"));
        let [first, last] = self.first_and_last_third();
        let memory = |samples| Measurement::new(median(samples, |sample| sample.memory as f64 / 1e6), Unit::Megabytes);
        let details =
            format!("peak {}, before the load {}", Measurement::memory(self.peak), Measurement::memory(self.before));
        let row = ReportRow::new(
            format!("resident memory, soak of {minutes:.0} min"),
            "flat",
            memory(last).with_details(details),
        );
        report.add(row.with_limit("first third", memory(first)));
        let files = |samples| Measurement::new(median(samples, |sample| sample.files as f64), Unit::Count);
        report
            .add(ReportRow::new("open file descriptors", "flat", files(last)).with_limit("first third", files(first)));
        for probe in Probe::ALL {
            let latency = |samples| {
                let mut latencies = latencies_of(samples, probe);
                let details =
                    format!("p99 {:.2} ms, max {:.0} ms", latencies.percentile(99), latencies.percentile(100));
                Measurement::new(latencies.percentile(50), Unit::Milliseconds).with_details(details)
            };
            let target = match probe {
                Probe::Health => "flat, max ≤ 1 s",
                Probe::Page => "flat, max ≤ 2 s",
                Probe::Append => "flat",
            };
            let row = ReportRow::new(format!("{}, p50", probe.name()), target, latency(last));
            report.add(row.with_limit("first third", latency(first)));
        }
        let all: u64 = self.counters.attempts.values().sum();
        let failed = Measurement::new(self.counters.failed as f64, Unit::Count);
        let failed = failed.with_details(format!("of all clients together {all} attempts"));
        report.add(ReportRow::new("failed requests of regular clients", "0", failed));
    }

    /// Returns what is not flat.
    pub fn problems(&self) -> Vec<String> {
        let [first, last] = self.first_and_last_third();
        let mut problems = Vec::new();
        let mut compare = |name: &str, quantity: &dyn Fn(&Sample) -> f64, tolerance: f64| {
            let (first, last) = (median(first, quantity), median(last, quantity));
            if last > first * TOLERANCE + tolerance {
                problems.push(format!("{name} rose from {first:.0} to {last:.0}"));
            }
        };
        compare("memory", &|sample| sample.memory as f64, MEMORY_TOLERANCE);
        compare("file descriptors", &|sample| sample.files as f64, FILE_TOLERANCE);
        for (probe, limit) in [(Probe::Health, MAX_HEALTH), (Probe::Page, MAX_PAGE)] {
            let slowest = latencies_of(&self.samples, probe).percentile(100);
            if slowest > limit.as_secs_f64() * 1e3 {
                problems.push(format!("{} took up to {slowest:.0} ms", probe.name()));
            }
        }
        for probe in Probe::ALL {
            let [first, last] = [first, last].map(|samples| latencies_of(samples, probe).percentile(50));
            if last > first * TOLERANCE + 5.0 {
                problems.push(format!("{} rose from {first:.1} to {last:.1} ms", probe.name()));
            }
        }
        if self.counters.failed > 0 {
            problems.push(format!("{} requests of regular clients failed", self.counters.failed));
        }
        problems
    }

    fn first_and_last_third(&self) -> [&[Sample]; 2] {
        let third = self.samples.len().div_ceil(3).min(self.samples.len());
        [&self.samples[..third], &self.samples[self.samples.len() - third..]]
    }
}

fn latencies_of(samples: &[Sample], probe: Probe) -> Latencies {
    let mut latencies = Latencies::default();
    let all = samples.iter().flat_map(|sample| &sample.latencies);
    all.filter(|(kind, _)| *kind == probe).for_each(|(_, latency)| latencies.add(*latency));
    latencies
}

fn median(samples: &[Sample], quantity: impl Fn(&Sample) -> f64) -> f64 {
    let mut values: Vec<f64> = samples.iter().map(quantity).collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(memory: impl Fn(u64) -> u64, page: impl Fn(u64) -> u64) -> SoakOutcome {
        let sample = |at: u64| Sample {
            at: Duration::from_secs(at),
            memory: memory(at),
            files: 40,
            latencies: vec![(Probe::Page, Duration::from_millis(page(at)))],
        };
        let samples = (0..90).map(sample).collect();
        SoakOutcome { before: 0, peak: 0, samples, counters: Counters::default(), duration: Duration::from_secs(90) }
    }

    #[test]
    fn compares_the_last_third_with_the_first_one() {
        assert!(outcome(|_| 60_000_000, |_| 20).problems().is_empty());
        assert!(outcome(|at| 60_000_000 + at % 7 * 1_000_000, |at| 20 + at % 3).problems().is_empty());
        assert_eq!(
            outcome(|at| 60_000_000 + at * 1_000_000, |_| 20).problems(),
            ["memory rose from 75000000 to 135000000"]
        );
        assert_eq!(outcome(|_| 1, |at| 10 + at).problems(), ["the Logs page rose from 25.0 to 85.0 ms"]);
        assert_eq!(
            outcome(|_| 1, |at| if at == 50 { 2_500 } else { 20 }).problems(),
            ["the Logs page took up to 2500 ms"]
        );
    }
}
