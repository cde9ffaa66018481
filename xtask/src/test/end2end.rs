//! The part that drives the real program with Playwright.

use std::process::Command;

use anyhow::{Context as _, Result};

use super::count::Count;
use super::{Context, POSTGRES_URL};
use crate::{chromium, npm, process, server};

/// Builds the program as `cargo xtask build` does, then runs the tests in `end2end/` except those of the examples.
pub fn run(context: &Context<'_>) -> Result<Count> {
    let end2end = npm::install(context.workspace)?;
    let mut types = Count::default();
    if end2end.join("tsconfig.json").exists() {
        types = Count::one(process::follow(npm::tool(&end2end, "tsc").args(["--noEmit"]), |_| ())?);
    }
    let url = context.postgres_url()?;
    let mut count = playwright(context, |playwright| playwright.env(POSTGRES_URL, url))?;
    count += types;
    Ok(count)
}

/// Builds the program, then runs the tests that `chosen` chooses by arguments and variables.
pub fn playwright(context: &Context<'_>, chosen: impl FnOnce(&mut Command) -> &mut Command) -> Result<Count> {
    let program = server::build(context.workspace)?;
    let end2end = npm::install(context.workspace)?;
    let chromium = chromium::provide(&end2end)?;
    let report = context.workspace.cache("end2end")?.join("report.json");
    let _ = std::fs::remove_file(&report);
    let mut playwright = npm::tool(&end2end, "playwright");
    playwright
        .args(["test", "--reporter=list,json"])
        .env("PLAYWRIGHT_JSON_OUTPUT_FILE", &report)
        .env("GROUNDGLASS_BINARY", program)
        .env_remove("GROUNDGLASS_EXAMPLES_PYTHON");
    if let Some(chromium) = chromium {
        playwright.env("GROUNDGLASS_CHROMIUM", chromium);
    }
    let succeeded = process::follow(chosen(&mut playwright), |_| ())?;
    let report = std::fs::read(&report).context("Playwright wrote no report")?;
    Ok(Count::playwright(&report)?.with_end(succeeded))
}
