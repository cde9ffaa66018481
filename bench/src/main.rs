//! Measures the real program under load, beside what the machine could do at best in the same minute.

mod artifacts;
mod bare;
mod connection;
mod figure;
mod latency;
mod logs;
mod noise;
mod place;
mod program;
mod report;
mod script;
mod training;
mod values;

use std::path::PathBuf;

use anyhow::Result;
use clap::{Parser, Subcommand};

use report::Report;

/// Measures Groundglass. `cargo xtask bench` builds what it needs and starts it.
#[derive(Debug, Parser)]
#[command(name = "bench")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    #[command(flatten)]
    Measure(Subject),
    /// A server that does what has to be done and nothing else: the limit for any other
    Bare {
        /// Where it writes what it keeps
        folder: PathBuf,
    },
}

#[derive(Debug, Subcommand)]
enum Subject {
    /// All of the following, in one table
    All {
        #[command(flatten)]
        common: Common,
    },
    /// Logging, charts, storage and export of lines
    Logs {
        #[command(flatten)]
        common: Common,
        #[command(flatten)]
        options: logs::Options,
    },
    /// Files up and down, and the memory that takes
    Artifacts {
        #[command(flatten)]
        common: Common,
        #[command(flatten)]
        options: artifacts::Options,
    },
    /// What logging costs a training
    Training {
        #[command(flatten)]
        common: Common,
        #[command(flatten)]
        options: training::Options,
    },
}

/// What all measurements need to know.
#[derive(Debug, clap::Args)]
struct Common {
    /// The program to measure
    #[arg(long)]
    binary: PathBuf,
    /// A PostgreSQL that keeps what it commits, and whose user may create databases; without one, SQLite alone is measured
    #[arg(long, value_name = "URL")]
    postgres: Option<String>,
    /// A Python with what `bench/python/requirements-training.txt` lists; without one, no training is measured
    #[arg(long)]
    python: Option<PathBuf>,
    /// A few minutes rather than a quarter of an hour: shorter loads, one round, smaller files
    #[arg(long)]
    quick: bool,
}

fn main() -> Result<()> {
    let subject = match Arguments::parse().command {
        Command::Bare { folder } => return bare::serve(folder),
        Command::Measure(subject) => subject,
    };
    // One thread: the other core is for the program.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mut report = Report::new();
    let measured = runtime.block_on(measure(&mut report, subject));
    // What was measured before something failed is worth showing.
    println!("\n{report}");
    measured
}

async fn measure(report: &mut Report, subject: Subject) -> Result<()> {
    match subject {
        Subject::All { common } => {
            logs::run(report, &common, &logs::Options::default()).await?;
            training::run(report, &common, &training::Options::default()).await?;
            artifacts::run(report, &common, &artifacts::Options::default()).await
        }
        Subject::Logs { common, options } => logs::run(report, &common, &options).await,
        Subject::Artifacts { common, options } => artifacts::run(report, &common, &options).await,
        Subject::Training { common, options } => training::run(report, &common, &options).await,
    }
}
