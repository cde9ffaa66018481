//! The part that drives the real server with Playwright.

use std::process::Command;

use anyhow::{Context as _, Result};

use super::test_count::TestCount;
use super::{POSTGRES_URL, TestContext};
use crate::{chromium, npm, process, server};

/// Builds the release binary, then runs the tests in `end2end/` except those of the examples.
pub fn run_end2end_tests(context: &TestContext<'_>) -> Result<TestCount> {
    let end2end = npm::install_packages(context.workspace)?;
    let mut types = TestCount::default();
    if end2end.join("tsconfig.json").exists() {
        let passed = process::stream_output(npm::node_tool(&end2end, "tsc").args(["--noEmit"]), |_| ())?;
        types = TestCount::from_check(passed);
    }
    let url = context.postgres_url()?;
    let mut count = run_playwright_tests(context, |playwright| playwright.env(POSTGRES_URL, url))?;
    count += types;
    Ok(count)
}

/// Builds the release binary, then runs the tests that `configure` selects with arguments and variables.
pub fn run_playwright_tests(
    context: &TestContext<'_>,
    configure: impl FnOnce(&mut Command) -> &mut Command,
) -> Result<TestCount> {
    let binary = server::build_server(context.workspace)?;
    let end2end = npm::install_packages(context.workspace)?;
    let chromium = chromium::find_or_install_chromium(&end2end)?;
    let report = context.workspace.cache_dir("end2end")?.join("report.json");
    let _ = std::fs::remove_file(&report);
    let mut playwright = npm::node_tool(&end2end, "playwright");
    playwright
        .args(["test", "--reporter=list,json"])
        .env("PLAYWRIGHT_JSON_OUTPUT_FILE", &report)
        .env("GROUNDGLASS_BINARY", binary)
        .env_remove("GROUNDGLASS_EXAMPLES_PYTHON");
    if let Some(chromium) = chromium {
        playwright.env("GROUNDGLASS_CHROMIUM", chromium);
    }
    let succeeded = process::stream_output(configure(&mut playwright), |_| ())?;
    let report = std::fs::read(&report).context("Playwright wrote no report")?;
    Ok(TestCount::from_playwright_report(&report)?.with_exit(succeeded))
}
