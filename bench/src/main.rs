//! Measures the real server under load, next to the limits of this machine in the same run.

mod artifacts;
mod baseline;
mod connection;
mod latency;
mod logs;
mod loss_series;
mod measurement;
mod random_file;
mod report;
mod script_client;
mod soak;
mod temporary_data;
mod training;

use std::path::PathBuf;

use anyhow::Result;
use clap::{Parser, Subcommand};

use report::Report;

/// Measures Groundglass. `cargo xtask bench` builds what it needs and runs it.
#[derive(Debug, Parser)]
#[command(name = "bench")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    #[command(flatten)]
    Measure(Benchmark),
    /// Run the baseline server, which does only the unavoidable work of a request: the limit for any other server
    Baseline {
        /// The directory for the data that it stores
        directory: PathBuf,
    },
}

#[derive(Debug, Subcommand)]
enum Benchmark {
    /// Run all of the following benchmarks but the soak, and print one table
    All {
        #[command(flatten)]
        common: CommonOptions,
    },
    /// Measure logging, charts, storage and export of lines
    Logs {
        #[command(flatten)]
        common: CommonOptions,
        #[command(flatten)]
        options: logs::LogsOptions,
    },
    /// Measure uploads, downloads and the memory that they take
    Artifacts {
        #[command(flatten)]
        common: CommonOptions,
        #[command(flatten)]
        options: artifacts::ArtifactsOptions,
    },
    /// Check that the server stays flat under mixed load with clients that hang up
    Soak {
        #[command(flatten)]
        common: CommonOptions,
        #[command(flatten)]
        options: soak::SoakOptions,
    },
    /// Measure how much logging slows a training down
    Training {
        #[command(flatten)]
        common: CommonOptions,
        #[command(flatten)]
        options: training::TrainingOptions,
    },
}

/// The options of all benchmarks.
#[derive(Debug, clap::Args)]
struct CommonOptions {
    /// The server binary to measure
    #[arg(long)]
    binary: PathBuf,
    /// A durable PostgreSQL whose user may create databases; without it, only SQLite is measured
    #[arg(long, value_name = "URL")]
    postgres: Option<String>,
    /// A Python with the packages of `bench/python/requirements-training.txt`; without it, no training is measured
    #[arg(long)]
    python: Option<PathBuf>,
    /// Take a few minutes instead of a quarter of an hour: shorter loads, one round, smaller files
    #[arg(long)]
    quick: bool,
}

fn main() -> Result<()> {
    let benchmark = match Arguments::parse().command {
        Command::Baseline { directory } => return baseline::serve_baseline(directory),
        Command::Measure(benchmark) => benchmark,
    };
    // The load generator uses one thread, so that the server has the other core.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mut report = Report::new();
    let outcome = runtime.block_on(run_benchmark(&mut report, benchmark));
    // If a benchmark fails, the results of the previous ones are still printed.
    println!("\n{report}");
    outcome
}

async fn run_benchmark(report: &mut Report, benchmark: Benchmark) -> Result<()> {
    match benchmark {
        Benchmark::All { common } => {
            logs::measure_logs(report, &common, &logs::LogsOptions::default()).await?;
            training::measure_training(report, &common, &training::TrainingOptions::default()).await?;
            artifacts::measure_artifacts(report, &common, &artifacts::ArtifactsOptions::default()).await
        }
        Benchmark::Logs { common, options } => logs::measure_logs(report, &common, &options).await,
        Benchmark::Artifacts { common, options } => artifacts::measure_artifacts(report, &common, &options).await,
        Benchmark::Soak { common, options } => soak::measure_soak(report, &common, &options).await,
        Benchmark::Training { common, options } => training::measure_training(report, &common, &options).await,
    }
}
