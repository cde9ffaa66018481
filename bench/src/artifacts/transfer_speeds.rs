//! The measured speeds of all rounds, and the rows of the report.

use std::collections::BTreeMap;
use std::time::Duration;

use super::transfer::{Transfer, TransferLimit};
use crate::measurement::{Measurement, Unit};
use crate::report::{Report, ReportRow};

/// All speeds of a run, in MB/s.
#[derive(Debug, Default)]
pub struct TransferSpeeds {
    transfers: BTreeMap<Transfer, Vec<f64>>,
    limits: BTreeMap<TransferLimit, Vec<f64>>,
}

impl TransferSpeeds {
    /// Adds a transfer of the server and prints it.
    pub fn add_transfer(&mut self, transfer: Transfer, bytes: usize, duration: Duration) {
        let speed = Measurement::throughput(bytes, duration.as_secs_f64());
        println!("Groundglass: {}: {speed}", transfer.label());
        self.transfers.entry(transfer).or_default().push(speed.value());
    }

    /// Adds a limit of the machine and prints it.
    pub fn add_limit(&mut self, limit: TransferLimit, bytes: usize, duration: Duration) {
        let speed = Measurement::throughput(bytes, duration.as_secs_f64());
        println!("limit: {}: {speed}", limit.label());
        self.limits.entry(limit).or_default().push(speed.value());
    }

    /// Adds a row for each transfer, next to its slowest step and to a baseline server that does all of its steps.
    pub fn add_to_report(&self, report: &mut Report) {
        for (transfer, speeds) in &self.transfers {
            let Some(measured) = Measurement::median(speeds, Unit::MegabytesPerSecond) else { continue };
            let mut row = ReportRow::new(transfer.label(), "≥ 70 % of the slowest step", measured);
            let steps = transfer.steps().iter().filter_map(|step| Some((step.label(), self.median_limit(*step)?)));
            if let Some((label, limit)) = steps.min_by(|a, b| a.1.value().total_cmp(&b.1.value())) {
                row = row.with_limit(format!("slowest step ({label})"), limit);
            }
            let baseline = transfer.baseline();
            if let Some(limit) = self.median_limit(baseline) {
                row = row.with_limit(baseline.label(), limit);
            }
            report.add(row);
        }
    }

    fn median_limit(&self, limit: TransferLimit) -> Option<Measurement> {
        Measurement::median(self.limits.get(&limit)?, Unit::MegabytesPerSecond)
    }
}
