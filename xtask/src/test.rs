//! `cargo xtask test`: runs the parts of the tests in order and prints a summary.

mod end2end;
mod examples;
mod rust;
mod sdks;
mod test_count;

use std::cell::OnceCell;
use std::env;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use clap::builder::PossibleValuesParser;

use crate::postgres::{self, Durability, Postgres};
use crate::step;
use crate::workspace::Workspace;
use test_count::TestCount;

/// A part of the tests. An error means that the part could not run, and counts as one failed test.
struct TestPart {
    name: &'static str,
    about: &'static str,
    run: fn(&TestContext<'_>) -> Result<TestCount>,
}

/// All parts in the order in which they run, the fastest first.
const PARTS: &[TestPart] = &[
    TestPart { name: "format", about: "cargo fmt", run: rust::check_format },
    TestPart { name: "clippy", about: "no warnings, for the server and for WASM", run: rust::check_clippy },
    TestPart { name: "unit", about: "unit and integration tests of the crates", run: rust::run_unit_tests },
    TestPart {
        name: "contract",
        about: "the tracker's contract on SQLite and PostgreSQL",
        run: rust::run_contract_tests,
    },
    TestPart { name: "sdks", about: "the unmodified SDK packages against the real server", run: sdks::run_sdk_tests },
    TestPart { name: "end2end", about: "the real server in Chromium", run: end2end::run_end2end_tests },
    TestPart {
        name: "examples",
        about: "the examples train, and their pages show the results",
        run: examples::run_example_tests,
    },
];

/// What the parts share.
struct TestContext<'a> {
    workspace: &'a Workspace,
    /// Started by the first part that needs it.
    postgres: OnceCell<Postgres>,
}

impl TestContext<'_> {
    /// Returns the URL of the PostgreSQL to test with: from the environment, or else of a temporary cluster.
    fn postgres_url(&self) -> Result<String> {
        postgres::find_or_install_client()?;
        if let Ok(url) = env::var(POSTGRES_URL)
            && !url.is_empty()
        {
            return Ok(url);
        }
        if let Some(running) = self.postgres.get() {
            return Ok(running.url().to_owned());
        }
        let started = Postgres::start(Durability::None)?;
        Ok(self.postgres.get_or_init(|| started).url().to_owned())
    }
}

/// The environment variable with the URL of a PostgreSQL for the tests.
const POSTGRES_URL: &str = "GROUNDGLASS_TEST_POSTGRES_URL";

/// Runs the parts named in `only`, or all parts if it is empty.
pub fn run_tests(workspace: &Workspace, only: &[String]) -> Result<ExitCode> {
    ctrlc::set_handler(|| {
        postgres::stop_running_cluster();
        std::process::exit(130);
    })
    .context("cannot install a handler for Ctrl-C")?;

    let context = TestContext { workspace, postgres: OnceCell::new() };
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
    Ok(print_summary(&results))
}

/// Prints the results of the parts. The last line is stable, so that programs can read it.
fn print_summary(results: &[(&str, Result<TestCount>, Duration)]) -> ExitCode {
    println!("\n━━ summary");
    let mut total = TestCount::default();
    for (name, outcome, duration) in results {
        let count = outcome.as_ref().copied().unwrap_or(TestCount::FAILED);
        let reason = outcome.as_ref().err().map(|error| format!("  could not run: {error:#}")).unwrap_or_default();
        let TestCount { passed, failed } = count;
        println!("   {name:<9} {passed:>5} passed {failed:>5} failed {:>9}{reason}", step::format_duration(*duration));
        total += count;
    }
    println!("{} passed, {} failed", total.passed, total.failed);
    if total.failed == 0 && total.passed > 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Returns the names of the parts, for the command line.
pub fn part_names() -> PossibleValuesParser {
    PossibleValuesParser::new(PARTS.iter().map(|part| part.name))
}

/// Returns the parts with their descriptions, for `--help`.
pub fn parts_help() -> String {
    let lines = PARTS.iter().map(|part| format!("  {:<9} {}\n", part.name, part.about));
    format!("Parts:\n{}", lines.collect::<String>())
}
