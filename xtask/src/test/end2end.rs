//! The part that drives the real program with Playwright.

use anyhow::{Context as _, Result};

use super::count::Count;
use super::{Context, POSTGRES_URL};
use crate::{chromium, npm, process, server};

/// Builds the program as `cargo xtask build` does, then runs the tests in `end2end/`.
pub fn run(context: &Context<'_>) -> Result<Count> {
    let program = server::build(context.workspace)?;
    let end2end = npm::install(context.workspace)?;
    let chromium = chromium::provide(&end2end)?;
    let url = context.postgres_url()?;

    let mut types = Count::default();
    if end2end.join("tsconfig.json").exists() {
        types = Count::one(process::follow(npm::tool(&end2end, "tsc").args(["--noEmit"]), |_| ())?);
    }

    let report = context.workspace.cache("end2end")?.join("report.json");
    let _ = std::fs::remove_file(&report);
    let mut playwright = npm::tool(&end2end, "playwright");
    playwright
        .args(["test", "--reporter=list,json"])
        .env("PLAYWRIGHT_JSON_OUTPUT_FILE", &report)
        .env("GROUNDGLASS_BINARY", program)
        .env(POSTGRES_URL, url);
    if let Some(chromium) = chromium {
        playwright.env("GROUNDGLASS_CHROMIUM", chromium);
    }
    let succeeded = process::follow(&mut playwright, |_| ())?;
    let report = std::fs::read(&report).context("Playwright wrote no report")?;
    let mut count = Count::playwright(&report)?.with_end(succeeded);
    count += types;
    Ok(count)
}
