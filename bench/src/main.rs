//! Measures the real program under load, beside what the machine could do at best in the same minute.

mod artifacts;
mod connection;
mod latency;
mod limits;
mod load;
mod measure;
mod place;
mod program;
mod report;
mod script;
mod values;

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Result;
use clap::{Parser, Subcommand};

use place::Engine;
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
    /// Logging, charts, storage and export of lines
    Logs(Logs),
    /// Files up and down, and the memory that takes
    Artifacts(artifacts::Options),
    /// A server that parses what it is sent and does nothing else: the limit for any other
    ParseOnly,
    /// A server that does with files what has to be done and nothing else: the limit for any other
    BareFiles {
        /// Where it writes what it keeps
        folder: PathBuf,
    },
}

#[derive(Debug, clap::Args)]
struct Logs {
    /// The program to measure
    #[arg(long)]
    binary: PathBuf,
    /// A PostgreSQL that keeps what it commits, and whose user may create databases
    #[arg(long, value_name = "URL")]
    postgres: Option<String>,
    /// How long each load lasts
    #[arg(long, default_value_t = 5, value_name = "SECONDS")]
    seconds: u64,
    /// How many points the longest line has
    #[arg(long, default_value_t = 100_000_000, value_name = "POINTS")]
    longest: u64,
    /// Measure only these: limits, requests, storage, charts
    #[arg(long, value_delimiter = ',', value_name = "PART")]
    only: Vec<String>,
}

fn main() -> Result<()> {
    match Arguments::parse().command {
        Command::Logs(logs) => logs.run(),
        Command::Artifacts(options) => artifacts::run(&options),
        Command::ParseOnly => limits::parse_only(),
        Command::BareFiles { folder } => artifacts::bare_files(folder),
    }
}

impl Logs {
    fn run(&self) -> Result<()> {
        // One thread: the other core is for the program.
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(async {
            let load = Duration::from_secs(self.seconds);
            let mut report = Report::new();
            if self.wants("limits") {
                limits::measure(&mut report, load).await?;
            }
            let mut engines = vec![Engine::Sqlite];
            engines.extend(self.postgres.clone().map(Engine::Postgres));
            for engine in &engines {
                if self.wants("requests") {
                    measure::requests(&mut report, engine, &self.binary, load).await?;
                }
                if self.wants("storage") {
                    measure::storage(&mut report, engine, &self.binary).await?;
                }
                if self.wants("charts") {
                    measure::charts(&mut report, engine, self.longest).await?;
                }
            }
            println!("\n{report}");
            Ok(())
        })
    }

    fn wants(&self, part: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|name| name == part)
    }
}
