//! Logging over HTTP, with single points and with batches, and the memory that it takes.

use std::path::Path;
use std::rc::Rc;
use std::time::Duration;

use anyhow::Result;

use super::limits::LogLimits;
use super::load_generator::run_load;
use super::workload::Workload;
use crate::loss_series::{LossSeries, batch_body};
use crate::measurement::Measurement;
use crate::report::{Report, ReportRow};
use crate::script_client::ScriptClient;
use crate::temporary_data::{DatabaseEngine, TemporaryData};

/// The number of prepared batch bodies, which are sent in turn.
const BODIES: usize = 16;

/// Runs all workloads on one server. Each connection is a script with an experiment of its own.
pub async fn measure_requests(
    report: &mut Report,
    limits: &LogLimits,
    engine: &DatabaseEngine,
    binary: &Path,
    duration: Duration,
) -> Result<()> {
    let data = TemporaryData::create(engine, binary, "requests").await?;
    let connections = Workload::ALL.iter().map(|workload| workload.connections()).sum();
    let script = ScriptClient::create(&data, connections).await?;
    let server = data.start_server()?;
    let before = server.memory()?.current;
    let (mut first, mut after) = (0, Vec::new());
    for workload in Workload::ALL {
        let make_request = request_factory(workload, script.clone(), first);
        let mut latencies = run_load(server.address(), workload.connections(), duration, make_request).await?;
        report.add(limits.report_row(workload, engine.name(), workload.summarize(&mut latencies)));
        after.push((server.memory()?.current / 1_000_000).to_string());
        first += workload.connections();
    }
    let peak = Measurement::memory(server.memory()?.peak);
    let peak = peak.with_details(format!("after each load {}", after.join(", ")));
    let row = ReportRow::new(format!("peak memory under these loads, {}", engine.name()), "flat", peak);
    report.add(row.with_limit("the server before the loads", Measurement::memory(before)));
    server.stop()?;
    data.remove().await
}

/// Returns a function that makes the requests of a workload. Its connections log to the experiments from `first` on.
fn request_factory(workload: Workload, script: ScriptClient, first: usize) -> impl Fn(usize, usize) -> Rc<[u8]> {
    let mut loss = LossSeries::new();
    let lines = workload.lines().unwrap_or(1);
    let bodies: Vec<_> = (0..BODIES).map(|_| batch_body(&mut loss, lines, 1_000 / lines)).collect();
    move |connection, number| {
        let experiment = script.experiments[first + connection];
        if workload.lines().is_none() {
            let path = format!("/api/experiment/{experiment}/logs?raise_on_conflict=False");
            let body =
                format!(r#"{{"name":"train/metric {}","data":0.{},"type":"LINE"}}"#, number % 4, 100_000 + number);
            return script.request_bytes("POST", &path, None, &body).into();
        }
        let path = format!("/api/experiment/{experiment}/logs/batch");
        let key = format!("{connection}-{number}");
        script.request_bytes("POST", &path, Some(&key), &bodies[number % BODIES]).into()
    }
}
