//! The cost of logging for a training: a loop in Python with the unmodified SDK, next to the same loop without logging and
//! with logging to the baseline server.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, ensure};
use serde::Deserialize;

use crate::CommonOptions;
use crate::baseline::BaselineServer;
use crate::measurement::{Measurement, Unit};
use crate::report::{Report, ReportRow};
use crate::script_client::ScriptClient;
use crate::temporary_data::{DatabaseEngine, TemporaryData};

/// How often to measure.
#[derive(Debug, Default, clap::Args)]
pub struct TrainingOptions {
    /// How many epochs of each kind are measured; the table has the medians [default: 5, with --quick 3]
    #[arg(long, value_name = "TIMES")]
    rounds: Option<usize>,
}

/// The output of `python/training.py`.
#[derive(Deserialize)]
struct TrainingResults {
    epochs: EpochDurations,
    /// Seconds of each SDK call, by server.
    calls: BTreeMap<String, Vec<f64>>,
}

/// Seconds of each epoch.
#[derive(Deserialize)]
struct EpochDurations {
    unlogged: Vec<f64>,
    groundglass: Vec<f64>,
    baseline: Vec<f64>,
}

/// Runs the benchmark on each engine.
pub async fn measure_training(report: &mut Report, common: &CommonOptions, options: &TrainingOptions) -> Result<()> {
    let Some(python) = &common.python else {
        println!("no --python: the training is not measured");
        return Ok(());
    };
    let rounds = options.rounds.unwrap_or(if common.quick { 3 } else { 5 });
    let baseline = BaselineServer::start()?;
    for engine in &DatabaseEngine::all(common.postgres.as_ref()) {
        measure_engine(report, &common.binary, python, &baseline, engine, rounds).await?;
    }
    baseline.remove()
}

async fn measure_engine(
    report: &mut Report,
    binary: &Path,
    python: &Path,
    baseline: &BaselineServer,
    engine: &DatabaseEngine,
    rounds: usize,
) -> Result<()> {
    let data = TemporaryData::create(engine, binary, "training").await?;
    let script = ScriptClient::create(&data, 1).await?;
    let experiment = script.experiments.first().context("no experiment")?;
    let request_log = data.data_dir().join("requests.log");
    let server = data.start_server_with_request_log(&request_log)?;
    let output = data.data_dir().join("results.json");
    let status = Command::new(python)
        .args(["-I", "-B"])
        .arg(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("python/training.py"))
        .args(["--host", &format!("http://{}", server.address())])
        .args(["--baseline", &format!("http://{}", baseline.address())])
        .args(["--experiment", &experiment.to_string(), "--rounds", &rounds.to_string(), "--output"])
        .arg(&output)
        .env("api_token", &script.token)
        .stdin(Stdio::null())
        .status()
        .with_context(|| format!("cannot start {}", python.display()))?;
    ensure!(status.success(), "the training exited with {status}");
    server.stop()?;
    let results: TrainingResults = serde_json::from_str(&fs::read_to_string(output)?)?;
    let log_path = format!("/api/experiment/{experiment}/logs");
    let mut server_seconds = parse_server_times(&fs::read_to_string(request_log)?, &log_path)?;

    let name = engine.name();
    let epochs = &results.epochs;
    let median = |seconds: &[f64]| Measurement::median(seconds, Unit::Seconds).context("no epochs were measured");
    let label = format!("training epoch with 50 SDK calls per second, {name}");
    let row = ReportRow::new(label, "as without calls", median(&epochs.groundglass)?);
    let row = row.with_limit("same calls to the baseline server", median(&epochs.baseline)?);
    report.add(row.with_limit("without calls", median(&epochs.unlogged)?));

    let mut calls = results.calls;
    let mut median_call = |server: &str| summarize_latency(calls.entry(server.to_owned()).or_default());
    let row = ReportRow::new(format!("SDK call, p50, {name}"), "", median_call("groundglass"));
    report.add(row.with_limit("baseline server", median_call("baseline")));

    let label = format!("server time of an SDK call, p50, {name}");
    let row = ReportRow::new(label, "≤ 1 ms", summarize_latency(&mut server_seconds));
    let mut commits = crate::logs::measure_disk_commits()?;
    let commit = Measurement::new(commits.percentile(50), Unit::Milliseconds);
    report.add(row.with_limit("4 KiB appended, fdatasync", commit));
    data.remove().await
}

/// Returns the median in milliseconds, with the 99th percentile as details.
fn summarize_latency(seconds: &mut [f64]) -> Measurement {
    seconds.sort_by(f64::total_cmp);
    let percentile = |percent: usize| {
        let at = (seconds.len() * percent / 100).min(seconds.len().saturating_sub(1));
        seconds.get(at).copied().unwrap_or(f64::NAN) * 1e3
    };
    Measurement::new(percentile(50), Unit::Milliseconds).with_details(format!("p99 {:.2} ms", percentile(99)))
}

/// A line of the server's log.
#[derive(Deserialize)]
struct LogLine {
    message: String,
    #[serde(default)]
    took: String,
    span: Option<RequestSpan>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct RequestSpan {
    method: String,
    path: String,
}

/// Returns the seconds that the server took for each POST request to `path`, from its log.
fn parse_server_times(log: &str, path: &str) -> Result<Vec<f64>> {
    let mut times = Vec::new();
    for line in log.lines() {
        let line: LogLine = serde_json::from_str(line)
            .with_context(|| format!("cannot parse this line of the server's log: {line}"))?;
        let matches = line.span.is_some_and(|span| span.method == "POST" && span.path == path);
        if matches && line.message == "answered" {
            times.push(parse_seconds(&line.took).with_context(|| format!("'{}' is not a duration", line.took))?);
        }
    }
    ensure!(!times.is_empty(), "the server's log has no request to {path}");
    Ok(times)
}

/// Parses a duration in the format of `Debug` and returns its seconds.
fn parse_seconds(text: &str) -> Option<f64> {
    let unit = text.find(|c: char| !c.is_ascii_digit() && c != '.')?;
    let (number, unit) = text.split_at(unit);
    let seconds_per_unit = match unit {
        "s" => 1.0,
        "ms" => 1e-3,
        "µs" => 1e-6,
        "ns" => 1e-9,
        _ => return None,
    };
    Some(number.parse::<f64>().ok()? * seconds_per_unit)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn parses_durations_of_the_server_log() {
        for micros in [3, 812, 1_500, 2_000_000] {
            let duration = Duration::from_micros(micros);
            assert!((parse_seconds(&format!("{duration:?}")).unwrap() - duration.as_secs_f64()).abs() < 1e-9);
        }
        assert_eq!(parse_seconds("soon"), None);
    }
}
