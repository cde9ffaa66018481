//! Runs the examples as short training runs and compares their results with the pages in Chromium.

use anyhow::Result;

use super::test_count::TestCount;
use super::{TestContext, end2end};
use crate::python::Python;

/// Builds the release binary, creates the Python environment of the examples, and runs `end2end/tests/examples.spec.ts`.
pub fn run_example_tests(context: &TestContext<'_>) -> Result<TestCount> {
    let requirements = context.workspace.root.join("examples/requirements.txt");
    let python = Python::find_or_install()?.create_environment(context.workspace, &requirements)?;
    end2end::run_playwright_tests(context, |playwright| {
        playwright.args(["--project", "examples"]).env("GROUNDGLASS_EXAMPLES_PYTHON", python)
    })
}
