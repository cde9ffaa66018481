//! `cargo xtask bench`: measures the release build, on databases configured to be durable.

use std::ffi::{OsStr, OsString};
use std::process::{Command, ExitCode};

use anyhow::{Context as _, Result};
use clap::Subcommand;

use crate::postgres::{self, Durability, Postgres};
use crate::python::Python;
use crate::workspace::Workspace;
use crate::{pages, process, server, step};

/// Which benchmark to run, and for how long.
#[derive(Debug, clap::Args)]
pub struct BenchOptions {
    /// Take a few minutes instead of a quarter of an hour, and skip the pages
    #[arg(long, global = true)]
    quick: bool,
    /// Run only this benchmark; without it, run all of them and print one table
    #[command(subcommand)]
    benchmark: Option<Benchmark>,
}

/// What to measure.
#[derive(Debug, Subcommand)]
enum Benchmark {
    /// Measure logging, charts, storage and export of lines, on SQLite and on PostgreSQL, then encoding and parsing with criterion
    Logs {
        /// Arguments after `--` are passed to the load generator, for example `-- --seconds 2 --longest 1000000`
        #[arg(last = true)]
        options: Vec<OsString>,
    },
    /// Measure how much logging with the SDK slows a training down, on SQLite and on PostgreSQL
    Training {
        /// Arguments after `--` are passed to the load generator, for example `-- --rounds 3`
        #[arg(last = true)]
        options: Vec<OsString>,
    },
    /// Measure uploads, downloads and the memory that they take, on SQLite with files on disk
    Artifacts {
        /// Arguments after `--` are passed to the load generator, for example `-- --size 64 --large 256`
        #[arg(last = true)]
        options: Vec<OsString>,
    },
    /// Check for ten minutes that memory, file descriptors and latencies stay flat under mixed load with clients that hang up
    Soak {
        /// Arguments after `--` are passed to the load generator, for example `-- --seconds 60`
        #[arg(last = true)]
        options: Vec<OsString>,
    },
    /// Measure each page's transfer size with an empty cache, and its Lighthouse scores
    Pages {
        #[command(flatten)]
        server: pages::ExistingServer,
        /// How often to load each page in each preset; the scores are medians
        #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=9))]
        runs: u32,
    },
}

/// Builds everything, measures and prints the results.
pub fn run_benchmarks(workspace: &Workspace, options: &BenchOptions) -> Result<ExitCode> {
    let load_generator = || LoadGenerator::build(workspace, options.quick);
    match &options.benchmark {
        None => {
            load_generator()?.with_postgres()?.with_python(workspace)?.run("all", &[])?;
            if !options.quick {
                // Pages have a table of their own, because their columns differ.
                step::run_with_output("pages", || {
                    pages::measure_pages(workspace, &pages::ExistingServer::default(), 1)
                })?;
            }
        }
        Some(Benchmark::Logs { options }) => {
            load_generator()?.with_postgres()?.run("logs", options)?;
            run_criterion(workspace)?;
        }
        Some(Benchmark::Training { options }) => {
            load_generator()?.with_postgres()?.with_python(workspace)?.run("training", options)?;
        }
        Some(Benchmark::Artifacts { options }) => load_generator()?.run("artifacts", options)?,
        Some(Benchmark::Soak { options }) => load_generator()?.run("soak", options)?,
        Some(Benchmark::Pages { server, runs }) => pages::measure_pages(workspace, server, *runs)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// The load generator (`bench/`) and the arguments for it.
struct LoadGenerator {
    command: Command,
    options: Vec<OsString>,
    /// Runs until all measurements are done.
    postgres: Option<Postgres>,
}

impl LoadGenerator {
    /// Builds the load generator and the server to measure. Their data goes to the target directory.
    fn build(workspace: &Workspace, quick: bool) -> Result<Self> {
        let binary = server::build_server(workspace)?;
        step::run_with_output("compile the load generator", || {
            let mut cargo = process::cargo_command(workspace);
            cargo.args(["build", "--release", "--package", "bench"]);
            process::run_command(&mut cargo, "see the compiler's message above")
        })?;
        let mut command = Command::new(workspace.target.join("release/bench"));
        command.current_dir(workspace.cache_dir("bench")?);
        let mut options = vec!["--binary".into(), binary.into()];
        options.extend(quick.then(|| "--quick".into()));
        Ok(Self { command, options, postgres: None })
    }

    /// Starts a durable PostgreSQL.
    fn with_postgres(mut self) -> Result<Self> {
        ctrlc::set_handler(|| {
            postgres::stop_running_cluster();
            std::process::exit(130);
        })
        .context("cannot install a handler for Ctrl-C")?;
        let postgres = Postgres::start(Durability::Full)?;
        self.options.extend(["--postgres", postgres.url()].map(OsString::from));
        self.postgres = Some(postgres);
        Ok(self)
    }

    /// Installs the SDK and the packages that the training uses.
    fn with_python(mut self, workspace: &Workspace) -> Result<Self> {
        let requirements = workspace.root.join("bench/python/requirements-training.txt");
        let python = Python::find_or_install()?.create_environment(workspace, &requirements)?;
        self.options.extend([OsStr::new("--python"), python.as_os_str()].map(OsStr::to_owned));
        Ok(self)
    }

    fn run(mut self, benchmark: &str, more: &[OsString]) -> Result<()> {
        process::run_command(self.command.arg(benchmark).args(&self.options).args(more), "")
    }
}

fn run_criterion(workspace: &Workspace) -> Result<()> {
    step::run_with_output("encoding and parsing", || {
        let mut cargo = process::cargo_command(workspace);
        cargo.args(["bench", "--package", "bench", "--bench", "logs"]);
        process::run_command(&mut cargo, "see the message above")
    })
}
