//! The part in which the examples train, shortly, and their pages in Chromium show what they computed.

use anyhow::Result;

use super::count::Count;
use super::{Context, end2end};
use crate::python::Python;

/// Builds the program as `cargo xtask build` does, makes the environment that the examples ask for, and runs
/// `end2end/tests/examples.spec.ts` with it.
pub fn run(context: &Context<'_>) -> Result<Count> {
    let requirements = context.workspace.root.join("examples/requirements.txt");
    let python = Python::provide()?.environment(context.workspace, &requirements)?;
    end2end::playwright(context, |playwright| {
        playwright.args(["--project", "examples"]).env("GROUNDGLASS_EXAMPLES_PYTHON", python)
    })
}
