//! The limits of the machine with the same requests: a baseline server that parses and stores them, one that only parses
//! them, and the disk alone.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write as _;
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::Result;

use super::load_generator::run_load;
use super::workload::Workload;
use crate::baseline::BaselineServer;
use crate::connection::json_request;
use crate::latency::Latencies;
use crate::loss_series::{LossSeries, batch_body};
use crate::measurement::{Measurement, Unit};
use crate::report::ReportRow;

/// How long the disk is measured.
const DISK_DURATION: Duration = Duration::from_secs(2);

/// The limits of each workload, the one of the most similar work first.
#[derive(Debug, Default)]
pub struct LogLimits(BTreeMap<Workload, Vec<(&'static str, Measurement)>>);

impl LogLimits {
    /// Measures all limits.
    pub async fn measure(baseline: &BaselineServer, duration: Duration) -> Result<Self> {
        let mut limits = Self::default();
        for workload in Workload::ALL {
            let (kind, body) = match workload.lines() {
                None => ("single", r#"{"name":"train/loss","data":0.693147,"type":"LINE"}"#.to_owned()),
                Some(lines) => ("batch", batch_body(&mut LossSeries::new(), lines, 1_000 / lines)),
            };
            for (route, label) in
                [("store", "baseline server that parses and syncs"), ("parse", "baseline server that parses")]
            {
                let path = format!("/logs/{route}/{kind}");
                let request: Rc<[u8]> = json_request("POST", &path, &[], &body).into();
                let make_request = move |_, _| request.clone();
                let mut latencies =
                    run_load(baseline.address(), workload.connections(), duration, make_request).await?;
                limits.add(workload, label, workload.summarize(&mut latencies));
            }
        }
        let p50 = measure_disk_commits()?.percentile(50);
        limits.add(Workload::Alone, "4 KiB appended, fdatasync", Measurement::new(p50, Unit::Milliseconds));
        Ok(limits)
    }

    /// Returns the row of a workload: the server's measurement with the limits.
    pub fn report_row(&self, workload: Workload, engine: &str, measured: Measurement) -> ReportRow {
        let limits = self.0.get(&workload).into_iter().flatten();
        let row = ReportRow::new(format!("{}, {engine}", workload.label()), workload.target(), measured);
        limits.fold(row, |row, (label, limit)| row.with_limit(*label, limit.clone()))
    }

    fn add(&mut self, workload: Workload, label: &'static str, limit: Measurement) {
        println!("limit: {}: {label}: {limit}", workload.label());
        self.0.entry(workload).or_default().push((label, limit));
    }
}

/// Measures a single writer that repeatedly appends a page and syncs it.
pub fn measure_disk_commits() -> Result<Latencies> {
    let mut file: File = tempfile::tempfile_in(std::env::current_dir()?)?;
    let mut latencies = Latencies::default();
    let start = Instant::now();
    while start.elapsed() < DISK_DURATION {
        let commit = Instant::now();
        file.write_all(&[7; 4096])?;
        file.sync_data()?;
        latencies.add(commit.elapsed());
    }
    Ok(latencies)
}
