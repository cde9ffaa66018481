//! The workloads: what is sent, over how many connections, and which quantity is reported.

use crate::latency::Latencies;
use crate::measurement::{Measurement, Unit};

/// A workload.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Workload {
    /// One point per request, many connections.
    Singles,
    /// One point per request, one connection.
    Alone,
    /// A thousand points of one line per request.
    OneLine,
    /// A thousand points of twenty lines per request.
    TwentyLines,
}

impl Workload {
    /// All workloads in the order in which they run.
    pub const ALL: [Self; 4] = [Self::Singles, Self::Alone, Self::OneLine, Self::TwentyLines];

    /// The name in the report.
    pub fn label(self) -> &'static str {
        match self {
            Self::Singles => "single-point requests, 32 connections",
            Self::Alone => "a single-point request, 1 connection, p50",
            Self::OneLine => "requests of 1,000 points for one line, 4 connections",
            Self::TwentyLines => "requests of 1,000 points for twenty lines, 4 connections",
        }
    }

    /// The performance target.
    pub fn target(self) -> &'static str {
        match self {
            Self::Singles => "≥ 20,000/s, p99 ≤ 15 ms",
            Self::Alone => "≤ 1 ms",
            Self::OneLine => "≥ 1,000,000 points/s",
            Self::TwentyLines => "≥ 500,000 points/s",
        }
    }

    /// The number of connections.
    pub fn connections(self) -> usize {
        match self {
            Self::Singles => 32,
            Self::Alone => 1,
            Self::OneLine | Self::TwentyLines => 4,
        }
    }

    /// The number of lines in a request of a thousand points; `None` for requests of one point.
    pub fn lines(self) -> Option<usize> {
        match self {
            Self::Singles | Self::Alone => None,
            Self::OneLine => Some(1),
            Self::TwentyLines => Some(20),
        }
    }

    /// Returns the reported quantity.
    pub fn summarize(self, latencies: &mut Latencies) -> Measurement {
        let (rate, p50, p99) = (latencies.rate(), latencies.percentile(50), latencies.percentile(99));
        match self {
            Self::Singles => Measurement::new(rate, Unit::RequestsPerSecond)
                .with_details(format!("p50 {p50:.2} ms, p99 {p99:.2} ms")),
            Self::Alone => {
                Measurement::new(p50, Unit::Milliseconds).with_details(format!("p99 {p99:.2} ms, {rate:.0}/s"))
            }
            Self::OneLine | Self::TwentyLines => Measurement::new(rate * 1_000.0, Unit::PointsPerSecond),
        }
    }
}
