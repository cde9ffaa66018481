//! `cargo xtask bench`: what is measured runs as it would for people, built for release and on engines that keep data.

use std::ffi::OsString;
use std::process::{Command, ExitCode};

use anyhow::{Context as _, Result};
use clap::Subcommand;

use crate::postgres::{self, Durability, Postgres};
use crate::workspace::Workspace;
use crate::{pages, process, server, step};

/// What to measure.
#[derive(Debug, Subcommand)]
pub enum Subject {
    /// Logging, charts, storage and export of lines, on SQLite and on PostgreSQL, then the pure parts by criterion
    Logs {
        /// What follows `--` goes to the load generator, for example `-- --seconds 2 --longest 1000000`
        #[arg(last = true)]
        options: Vec<OsString>,
    },
    /// Files up and down and the memory that takes, on SQLite with the bytes on disk
    Artifacts {
        /// What follows `--` goes to the load generator, for example `-- --size 64 --large 256`
        #[arg(last = true)]
        options: Vec<OsString>,
    },
    /// What each page weighs over the wire with an empty cache, and how Lighthouse judges it
    Pages {
        #[command(flatten)]
        place: pages::Place,
        /// How often each page is loaded in each preset; the scores are medians
        #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=9))]
        runs: u32,
    },
}

/// Builds everything, measures, prints.
pub fn run(workspace: &Workspace, subject: &Subject) -> Result<ExitCode> {
    match subject {
        Subject::Logs { options } => logs(workspace, options)?,
        Subject::Artifacts { options } => {
            process::run(generator(workspace, "artifacts")?.args(options), "")?;
        }
        Subject::Pages { place, runs } => pages::measure(workspace, place, *runs)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn logs(workspace: &Workspace, options: &[OsString]) -> Result<()> {
    ctrlc::set_handler(|| {
        postgres::stop();
        std::process::exit(130);
    })
    .context("cannot listen for Ctrl-C")?;
    let mut bench = generator(workspace, "logs")?;
    let database = Postgres::start(Durability::Full)?;
    process::run(bench.arg("--postgres").arg(database.url()).args(options), "")?;
    drop(database);
    step::loud("the pure parts", || {
        let mut cargo = process::cargo(workspace);
        process::run(cargo.args(["bench", "--package", "bench", "--bench", "logs"]), "the message is above")
    })
}

/// Builds the program and the load generator, which keeps its data in the target folder.
fn generator(workspace: &Workspace, subject: &str) -> Result<Command> {
    let program = server::build(workspace)?;
    step::loud("compile the load generator", || {
        let mut cargo = process::cargo(workspace);
        process::run(cargo.args(["build", "--release", "--package", "bench"]), "the compiler's message is above")
    })?;
    let mut bench = Command::new(workspace.target.join("release/bench"));
    bench.current_dir(workspace.cache("bench")?).arg(subject).arg("--binary").arg(program);
    Ok(bench)
}
