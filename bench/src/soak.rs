//! Mixed load with clients that hang up, for minutes: memory, file descriptors and latencies must stay flat.

mod hostile_client;
mod load;
mod regular_client;
mod samples;

use std::time::Duration;

use anyhow::{Result, ensure};

use crate::CommonOptions;
use crate::artifacts::ArtifactsInstance;
use crate::report::Report;
use load::run_soak;

/// How long to run, and how often to sample.
#[derive(Debug, clap::Args)]
pub struct SoakOptions {
    /// The duration of the load [default: 600, with --quick 30]
    #[arg(long, value_name = "SECONDS")]
    seconds: Option<u64>,
    /// The time between two samples
    #[arg(long, value_name = "SECONDS", default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..))]
    interval: u64,
}

/// Runs the load on SQLite, with the limits that clients on other machines have. The first tenth is a warm-up; the rest is divided into thirds, of which the last one is compared with
/// the first one.
///
/// # Errors
/// Fails if the server does not stay flat, or rejects a request of a regular client.
pub async fn measure_soak(report: &mut Report, common: &CommonOptions, options: &SoakOptions) -> Result<()> {
    let duration = Duration::from_secs(options.seconds.unwrap_or(if common.quick { 30 } else { 600 }));
    let instance = ArtifactsInstance::start_with(&common.binary, &["--limit-loopback"]).await?;
    let outcome = run_soak(&instance, duration, Duration::from_secs(options.interval)).await?;
    outcome.add_to_report(report);
    instance.remove().await?;
    let problems = outcome.problems();
    ensure!(problems.is_empty(), "the server did not stay flat: {}", problems.join("; "));
    println!("flat: memory, file descriptors and latencies of the last third are those of the first third");
    Ok(())
}
