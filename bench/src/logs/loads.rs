//! The loads: what is sent, from how many connections, and what counts.

use crate::figure::{Figure, Unit};
use crate::latency::Latency;

/// A load.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Load {
    /// One point a request, from many connections.
    Singles,
    /// One point a request, from one connection.
    Alone,
    /// A thousand points a request, all of one line.
    OneLine,
    /// A thousand points a request, for twenty lines.
    TwentyLines,
}

impl Load {
    /// In the order in which they are run.
    pub const ALL: [Self; 4] = [Self::Singles, Self::Alone, Self::OneLine, Self::TwentyLines];

    /// How the table says it, and what it should reach.
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Singles => ("single-point requests, 32 connections", "≥ 20,000/s, p99 ≤ 15 ms"),
            Self::Alone => ("a single-point request, alone, p50", "≤ 1 ms"),
            Self::OneLine => ("requests of 1,000 points for one line, 4 connections", "≥ 1,000,000 points/s"),
            Self::TwentyLines => ("requests of 1,000 points for twenty lines, 4 connections", "≥ 500,000 points/s"),
        }
    }

    /// From how many connections.
    pub fn connections(self) -> usize {
        match self {
            Self::Singles => 32,
            Self::Alone => 1,
            Self::OneLine | Self::TwentyLines => 4,
        }
    }

    /// For how many lines a request of a thousand points is; none for a request of one point.
    pub fn lines(self) -> Option<usize> {
        match self {
            Self::Singles | Self::Alone => None,
            Self::OneLine => Some(1),
            Self::TwentyLines => Some(20),
        }
    }

    /// What counts of it.
    pub fn figure(self, latency: &mut Latency) -> Figure {
        let (rate, p50, p99) = (latency.rate(), latency.percentile(50), latency.percentile(99));
        match self {
            Self::Singles => Figure::new(rate, Unit::Requests).beside(format!("p50 {p50:.2} ms, p99 {p99:.2} ms")),
            Self::Alone => Figure::new(p50, Unit::Milliseconds).beside(format!("p99 {p99:.2} ms, {rate:.0}/s")),
            Self::OneLine | Self::TwentyLines => Figure::new(rate * 1_000.0, Unit::Points),
        }
    }
}
