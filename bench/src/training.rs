//! What logging costs a training: a loop in Python with the unmodified SDK, beside the same without logging and the same
//! against a server that answers at once.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, ensure};
use serde::Deserialize;

use crate::Common;
use crate::bare::Bare;
use crate::figure::{Figure, Unit};
use crate::place::{Engine, Place};
use crate::program::serve_noting;
use crate::report::{Report, Row};
use crate::script::Script;

/// How often.
#[derive(Debug, Default, clap::Args)]
pub struct Options {
    /// How many epochs of each sort are measured; the table has the medians [default: 5, with --quick 3]
    #[arg(long, value_name = "TIMES")]
    rounds: Option<usize>,
}

/// What the script writes.
#[derive(Deserialize)]
struct Measured {
    epochs: Epochs,
    calls: BTreeMap<String, Vec<f64>>,
}

/// Seconds of each epoch.
#[derive(Deserialize)]
struct Epochs {
    none: Vec<f64>,
    ours: Vec<f64>,
    bare: Vec<f64>,
}

/// Measures on each engine.
pub async fn run(report: &mut Report, common: &Common, options: &Options) -> Result<()> {
    let Some(python) = &common.python else {
        println!("no --python: no training is measured");
        return Ok(());
    };
    let rounds = options.rounds.unwrap_or(if common.quick { 3 } else { 5 });
    let bare = Bare::start()?;
    let mut engines = vec![Engine::Sqlite];
    engines.extend(common.postgres.clone().map(Engine::Postgres));
    for engine in &engines {
        on(report, common, python, &bare, engine, rounds).await?;
    }
    bare.remove()
}

async fn on(
    report: &mut Report,
    common: &Common,
    python: &Path,
    bare: &Bare,
    engine: &Engine,
    rounds: usize,
) -> Result<()> {
    let place = Place::new(engine, "training").await?;
    let script = Script::prepare(&place, 1).await?;
    let experiment = script.experiments.first().context("no experiment")?;
    let notes = place.data_dir().join("requests.log");
    let program = serve_noting(&common.binary, &place, &notes)?;
    let figures = place.data_dir().join("figures.json");
    let status = Command::new(python)
        .args(["-I", "-B"])
        .arg(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("python/training.py"))
        .args(["--host", &format!("http://{}", program.address), "--bare", &format!("http://{}", bare.address())])
        .args(["--experiment", &experiment.to_string(), "--rounds", &rounds.to_string(), "--output"])
        .arg(&figures)
        .env("api_token", &script.token)
        .stdin(Stdio::null())
        .status()
        .with_context(|| format!("cannot start {}", python.display()))?;
    ensure!(status.success(), "the training ended with {status}");
    program.stop()?;
    let measured: Measured = serde_json::from_str(&fs::read_to_string(figures)?)?;
    let mut in_server = server_times(&fs::read_to_string(notes)?, &format!("/api/experiment/{experiment}/logs"))?;

    let name = engine.name();
    let epochs = &measured.epochs;
    let median = |seconds: &[f64]| Figure::median(seconds, Unit::Seconds).context("no epochs were measured");
    let words = format!("an epoch of a training with 50 calls of the SDK a second, {name}");
    let row = Row::new(words, "as without", median(&epochs.ours)?);
    let row = row.limit("the same calls to a server that answers at once", median(&epochs.bare)?);
    report.add(row.limit("without calls", median(&epochs.none)?));

    let mut calls = measured.calls;
    let mut call = |which: &str| percentiles(calls.entry(which.to_owned()).or_default());
    let row = Row::new(format!("a call of the SDK, p50, {name}"), "", call("ours"));
    report.add(row.limit("a server that answers at once", call("bare")));

    let row = Row::new(format!("of that in the server, p50, {name}"), "≤ 1 ms", percentiles(&mut in_server));
    let mut commits = crate::logs::commits()?;
    let commit = Figure::new(commits.percentile(50), Unit::Milliseconds);
    report.add(row.limit("4 KiB appended, fdatasync", commit));
    place.remove().await
}

/// The middle of what some calls took, in milliseconds.
fn percentiles(seconds: &mut [f64]) -> Figure {
    seconds.sort_by(f64::total_cmp);
    let at = |percent: usize| {
        let at = (seconds.len() * percent / 100).min(seconds.len().saturating_sub(1));
        seconds.get(at).copied().unwrap_or(f64::NAN) * 1e3
    };
    Figure::new(at(50), Unit::Milliseconds).beside(format!("p99 {:.2} ms", at(99)))
}

/// A line of the program's log.
#[derive(Deserialize)]
struct Line {
    message: String,
    #[serde(default)]
    took: String,
    span: Option<Span>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Span {
    method: String,
    path: String,
}

/// How many seconds the program needed for each request to `path`, by its own log.
fn server_times(log: &str, path: &str) -> Result<Vec<f64>> {
    let mut times = Vec::new();
    for line in log.lines() {
        let line: Line =
            serde_json::from_str(line).with_context(|| format!("this line of the log is unknown: {line}"))?;
        let wanted = line.span.is_some_and(|span| span.method == "POST" && span.path == path);
        if wanted && line.message == "answered" {
            times.push(seconds(&line.took).with_context(|| format!("'{}' is no time", line.took))?);
        }
    }
    ensure!(!times.is_empty(), "the program's log has no request to {path}");
    Ok(times)
}

/// A duration as the program writes it.
fn seconds(text: &str) -> Option<f64> {
    let unit = text.find(|c: char| !c.is_ascii_digit() && c != '.')?;
    let (number, unit) = text.split_at(unit);
    let of = match unit {
        "s" => 1.0,
        "ms" => 1e-3,
        "µs" => 1e-6,
        "ns" => 1e-9,
        _ => return None,
    };
    Some(number.parse::<f64>().ok()? * of)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn the_programs_times_are_read() {
        for micros in [3, 812, 1_500, 2_000_000] {
            let duration = Duration::from_micros(micros);
            assert!((seconds(&format!("{duration:?}")).unwrap() - duration.as_secs_f64()).abs() < 1e-9);
        }
        assert_eq!(seconds("soon"), None);
    }
}
