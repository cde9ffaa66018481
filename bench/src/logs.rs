//! Logging, charts, storage and export of lines.

mod chart_rows;
mod charts;
mod entropy;
mod limits;
mod load_generator;
mod requests;
mod storage;
mod workload;

use std::time::Duration;

use anyhow::Result;

use crate::CommonOptions;
use crate::baseline::BaselineServer;
use crate::report::Report;
use crate::temporary_data::DatabaseEngine;
use limits::LogLimits;
pub use limits::measure_disk_commits;

/// What to measure, and for how long.
#[derive(Debug, Default, clap::Args)]
pub struct LogsOptions {
    /// The duration of each load [default: 5, with --quick 1]
    #[arg(long, value_name = "SECONDS")]
    seconds: Option<u64>,
    /// The number of points of the longest line [default: 100000000, with --quick 1000000]
    #[arg(long, value_name = "POINTS")]
    longest: Option<u64>,
    /// Measure only these parts: requests, storage, charts
    #[arg(long, value_delimiter = ',', value_name = "PART")]
    only: Vec<String>,
}

/// Runs the benchmark on each engine, each part with new data.
pub async fn measure_logs(report: &mut Report, common: &CommonOptions, options: &LogsOptions) -> Result<()> {
    let duration = Duration::from_secs(options.seconds.unwrap_or(if common.quick { 1 } else { 5 }));
    let longest = options.longest.unwrap_or(if common.quick { 1_000_000 } else { 100_000_000 });
    let is_selected = |part: &str| options.only.is_empty() || options.only.iter().any(|name| name == part);
    let baseline = BaselineServer::start()?;
    let limits =
        if is_selected("requests") { LogLimits::measure(&baseline, duration).await? } else { LogLimits::default() };
    for engine in &DatabaseEngine::all(common.postgres.as_ref()) {
        if is_selected("requests") {
            requests::measure_requests(report, &limits, engine, &common.binary, duration).await?;
        }
        if is_selected("storage") {
            storage::measure_storage(report, &baseline, engine, &common.binary).await?;
        }
        if is_selected("charts") {
            charts::measure_charts(report, engine, &common.binary, longest).await?;
        }
    }
    baseline.remove()
}
