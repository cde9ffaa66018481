//! The parts that cargo runs.
//!
//! Two members are always asked separately. `frontend` turns on what only the browser's side of `app` may have, and
//! `xtask` would make the others' dependencies be built a second time, with its features.

use std::process::Command;

use anyhow::Result;

use super::count::Count;
use super::{Context, POSTGRES_URL};
use crate::{process, step, target};

/// The members that are built together.
pub const TOGETHER: [&str; 5] = ["--workspace", "--exclude", "frontend", "--exclude", "xtask"];
/// The test program that needs PostgreSQL.
const CONTRACT: &str = "contract";

/// The sources are formatted.
pub fn format(context: &Context<'_>) -> Result<Count> {
    let passed = succeeds(process::cargo(context.workspace).args(["fmt", "--all", "--check"]))?;
    if !passed {
        println!("   `cargo fmt` formats them");
    }
    Ok(Count::one(passed))
}

/// Clippy has nothing to say.
pub fn clippy(context: &Context<'_>) -> Result<Count> {
    let mut passed = true;
    let mut check = |selection: &[&str]| -> Result<()> {
        let mut cargo = process::cargo(context.workspace);
        passed &= succeeds(cargo.arg("clippy").args(selection).args(["--", "-D", "warnings"]))?;
        Ok(())
    };
    check(&[&TOGETHER[..], &["--all-targets"]].concat())?;
    check(&["--package", "xtask", "--all-targets"])?;
    if target::installed(context.workspace) {
        check(&["--package", "frontend", "--package", "app", "--features", "app/hydrate", "--target", target::TARGET])?;
    } else {
        step::skipped("for the browser", &format!("left out, the target {} is not installed", target::TARGET));
    }
    Ok(Count::one(passed))
}

/// The tests inside the crates, and integration tests other than the contract.
pub fn unit(context: &Context<'_>) -> Result<Count> {
    let mut cargo = process::cargo(context.workspace);
    cargo.args(["test", "--no-fail-fast"]).args(TOGETHER).args(["--lib", "--bins"]);
    // One test at a time: what renders pages keeps state for the whole process, which has one server outside of tests. With
    // several at once, each with a runtime of its own, a page sometimes waits for ever.
    cargo.env("RUST_TEST_THREADS", "1");
    for name in context.workspace.integration_tests()?.iter().filter(|name| *name != CONTRACT) {
        cargo.args(["--test", name]);
    }
    let mut count = counted(&mut cargo)?;
    count += counted(process::cargo(context.workspace).args(["test", "--no-fail-fast", "--doc"]).args(TOGETHER))?;
    count += counted(process::cargo(context.workspace).args(["test", "--package", "xtask"]))?;
    Ok(count)
}

/// The tracker's contract on both databases.
pub fn contract(context: &Context<'_>) -> Result<Count> {
    let url = context.postgres_url()?;
    let mut cargo = process::cargo(context.workspace);
    counted(cargo.arg("test").args(TOGETHER).args(["--test", CONTRACT]).env(POSTGRES_URL, url))
}

fn succeeds(command: &mut Command) -> Result<bool> {
    process::follow(command, |_| ())
}

fn counted(command: &mut Command) -> Result<Count> {
    let mut count = Count::default();
    let succeeded = process::follow(command, |line| count += Count::libtest(line))?;
    Ok(count.with_end(succeeded))
}
