//! `cargo xtask bench`: what is measured runs as it would for people, built for release and on engines that keep data.

use std::ffi::{OsStr, OsString};
use std::process::{Command, ExitCode};

use anyhow::{Context as _, Result};
use clap::Subcommand;

use crate::postgres::{self, Durability, Postgres};
use crate::python::Python;
use crate::workspace::Workspace;
use crate::{pages, process, server, step};

/// What to measure, and how long.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// A few minutes rather than a quarter of an hour; without the pages
    #[arg(long, global = true)]
    quick: bool,
    /// Only this; everything in one table without it
    #[command(subcommand)]
    subject: Option<Subject>,
}

/// What to measure.
#[derive(Debug, Subcommand)]
enum Subject {
    /// Logging, charts, storage and export of lines, on SQLite and on PostgreSQL, then the pure parts by criterion
    Logs {
        /// What follows `--` goes to the load generator, for example `-- --seconds 2 --longest 1000000`
        #[arg(last = true)]
        options: Vec<OsString>,
    },
    /// What logging with the SDK costs a training, on SQLite and on PostgreSQL
    Training {
        /// What follows `--` goes to the load generator, for example `-- --rounds 3`
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
pub fn run(workspace: &Workspace, arguments: &Arguments) -> Result<ExitCode> {
    let bench = || Bench::build(workspace, arguments.quick);
    match &arguments.subject {
        None => {
            bench()?.with_postgres()?.with_python(workspace)?.run("all", &[])?;
            if !arguments.quick {
                // Pages have columns of their own.
                step::loud("pages", || pages::measure(workspace, &pages::Place::default(), 1))?;
            }
        }
        Some(Subject::Logs { options }) => {
            bench()?.with_postgres()?.run("logs", options)?;
            pure_parts(workspace)?;
        }
        Some(Subject::Training { options }) => {
            bench()?.with_postgres()?.with_python(workspace)?.run("training", options)?;
        }
        Some(Subject::Artifacts { options }) => bench()?.run("artifacts", options)?,
        Some(Subject::Pages { place, runs }) => pages::measure(workspace, place, *runs)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// The load generator with what it is given.
struct Bench {
    command: Command,
    options: Vec<OsString>,
    /// Runs until everything is measured.
    postgres: Option<Postgres>,
}

impl Bench {
    /// Builds it and the program. It keeps its data in the target folder.
    fn build(workspace: &Workspace, quick: bool) -> Result<Self> {
        let program = server::build(workspace)?;
        step::loud("compile the load generator", || {
            let mut cargo = process::cargo(workspace);
            process::run(cargo.args(["build", "--release", "--package", "bench"]), "the compiler's message is above")
        })?;
        let mut command = Command::new(workspace.target.join("release/bench"));
        command.current_dir(workspace.cache("bench")?);
        let mut options = vec!["--binary".into(), program.into()];
        options.extend(quick.then(|| "--quick".into()));
        Ok(Self { command, options, postgres: None })
    }

    /// Starts a PostgreSQL that keeps what it commits.
    fn with_postgres(mut self) -> Result<Self> {
        ctrlc::set_handler(|| {
            postgres::stop();
            std::process::exit(130);
        })
        .context("cannot listen for Ctrl-C")?;
        let postgres = Postgres::start(Durability::Full)?;
        self.options.extend(["--postgres", postgres.url()].map(OsString::from));
        self.postgres = Some(postgres);
        Ok(self)
    }

    /// Provides the SDK and what a training needs.
    fn with_python(mut self, workspace: &Workspace) -> Result<Self> {
        let requirements = workspace.root.join("bench/python/requirements-training.txt");
        let python = Python::provide()?.environment(workspace, &requirements)?;
        self.options.extend([OsStr::new("--python"), python.as_os_str()].map(OsStr::to_owned));
        Ok(self)
    }

    fn run(mut self, subject: &str, more: &[OsString]) -> Result<()> {
        process::run(self.command.arg(subject).args(&self.options).args(more), "")
    }
}

fn pure_parts(workspace: &Workspace) -> Result<()> {
    step::loud("the pure parts", || {
        let mut cargo = process::cargo(workspace);
        process::run(cargo.args(["bench", "--package", "bench", "--bench", "logs"]), "the message is above")
    })
}
