//! `cargo xtask test`: the parts, one after the other, and what came of them.

mod count;
mod end2end;
mod examples;
mod rust;
mod sdks;

use std::cell::OnceCell;
use std::env;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use clap::builder::PossibleValuesParser;

use crate::postgres::{self, Durability, Postgres};
use crate::step;
use crate::workspace::Workspace;
use count::Count;

/// One part of the tests. An error means that it could not run, which counts as one failure.
struct Part {
    name: &'static str,
    about: &'static str,
    run: fn(&Context<'_>) -> Result<Count>,
}

/// All parts, in the order in which they run: what is quick comes first.
const PARTS: &[Part] = &[
    Part { name: "format", about: "cargo fmt", run: rust::format },
    Part { name: "clippy", about: "no warnings, natively and for the browser", run: rust::clippy },
    Part { name: "unit", about: "the tests inside the crates", run: rust::unit },
    Part { name: "contract", about: "the tracker's contract on SQLite and on PostgreSQL", run: rust::contract },
    Part { name: "sdks", about: "the real program and unmodified scripts' packages", run: sdks::run },
    Part { name: "end2end", about: "the real program in Chromium", run: end2end::run },
    Part { name: "examples", about: "the examples train, and their pages show it", run: examples::run },
];

/// What the parts share.
struct Context<'a> {
    workspace: &'a Workspace,
    /// Started by the first part that needs it.
    postgres: OnceCell<Postgres>,
}

impl Context<'_> {
    /// The PostgreSQL to test with: the given one, else our own.
    fn postgres_url(&self) -> Result<String> {
        postgres::provide_client()?;
        if let Ok(given) = env::var(POSTGRES_URL)
            && !given.is_empty()
        {
            return Ok(given);
        }
        if let Some(running) = self.postgres.get() {
            return Ok(running.url().to_owned());
        }
        let started = Postgres::start(Durability::None)?;
        Ok(self.postgres.get_or_init(|| started).url().to_owned())
    }
}

/// The variable that names a PostgreSQL for the tests.
const POSTGRES_URL: &str = "GROUNDGLASS_TEST_POSTGRES_URL";

/// Runs the parts that were asked for, all of them when none was.
pub fn run(workspace: &Workspace, only: &[String]) -> Result<ExitCode> {
    ctrlc::set_handler(|| {
        postgres::stop();
        std::process::exit(130);
    })
    .context("cannot listen for Ctrl-C")?;

    let context = Context { workspace, postgres: OnceCell::new() };
    let mut results = Vec::new();
    for part in PARTS.iter().filter(|part| only.is_empty() || only.iter().any(|name| name == part.name)) {
        println!("\n━━ {} ({})", part.name, part.about);
        let start = Instant::now();
        let outcome = (part.run)(&context);
        if let Err(error) = &outcome {
            println!("   could not run: {error:#}");
        }
        results.push((part.name, outcome, start.elapsed()));
    }
    drop(context);
    Ok(summary(&results))
}

/// Prints what came of the parts; the last line is for programs too.
fn summary(results: &[(&str, Result<Count>, Duration)]) -> ExitCode {
    println!("\n━━ summary");
    let mut total = Count::default();
    for (name, outcome, duration) in results {
        let count = outcome.as_ref().copied().unwrap_or(Count::FAILED);
        let reason = outcome.as_ref().err().map(|error| format!("  could not run: {error:#}")).unwrap_or_default();
        let Count { passed, failed } = count;
        println!("   {name:<9} {passed:>5} passed {failed:>5} failed {:>9}{reason}", step::seconds(*duration));
        total += count;
    }
    println!("{} passed, {} failed", total.passed, total.failed);
    if total.failed == 0 && total.passed > 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The parts' names, for the command line.
pub fn part_names() -> PossibleValuesParser {
    PossibleValuesParser::new(PARTS.iter().map(|part| part.name))
}

/// The parts with what they are, for `--help`.
pub fn parts_help() -> String {
    let lines = PARTS.iter().map(|part| format!("  {:<9} {}\n", part.name, part.about));
    format!("Parts:\n{}", lines.collect::<String>())
}
