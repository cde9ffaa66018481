//! The parts that cargo runs.
//!
//! Two members are always selected separately. `frontend` enables features of `app` that only compile for WASM, and
//! `xtask` has its own features of shared dependencies, so that these would be built a second time.

use std::process::Command;

use anyhow::Result;

use super::test_count::TestCount;
use super::{POSTGRES_URL, TestContext};
use crate::{process, step, wasm_target};

/// Selects the members that are built together.
pub const SERVER_MEMBERS: [&str; 5] = ["--workspace", "--exclude", "frontend", "--exclude", "xtask"];
/// The integration test that needs PostgreSQL.
const CONTRACT_TEST: &str = "contract";

/// Checks that the sources are formatted.
pub fn check_format(context: &TestContext<'_>) -> Result<TestCount> {
    let passed = command_succeeds(process::cargo_command(context.workspace).args(["fmt", "--all", "--check"]))?;
    if !passed {
        println!("   run `cargo fmt` to format them");
    }
    Ok(TestCount::from_check(passed))
}

/// Checks that clippy has no warnings.
pub fn check_clippy(context: &TestContext<'_>) -> Result<TestCount> {
    let mut passed = true;
    let mut check = |selection: &[&str]| -> Result<()> {
        let mut cargo = process::cargo_command(context.workspace);
        passed &= command_succeeds(cargo.arg("clippy").args(selection).args(["--", "-D", "warnings"]))?;
        Ok(())
    };
    check(&[&SERVER_MEMBERS[..], &["--all-targets"]].concat())?;
    check(&["--package", "xtask", "--all-targets"])?;
    let target = wasm_target::WASM_TARGET;
    if wasm_target::is_installed(context.workspace) {
        check(&["--package", "frontend", "--package", "app", "--features", "app/hydrate", "--target", target])?;
    } else {
        step::report_skipped("clippy for WASM", &format!("skipped, the target {target} is not installed"));
    }
    Ok(TestCount::from_check(passed))
}

/// Runs unit tests, documentation tests, and all integration tests except the contract.
pub fn run_unit_tests(context: &TestContext<'_>) -> Result<TestCount> {
    let mut cargo = process::cargo_command(context.workspace);
    cargo.args(["test", "--no-fail-fast"]).args(SERVER_MEMBERS).args(["--lib", "--bins"]);
    // One test at a time: rendering pages uses process-wide state, because a process normally has one server. When several
    // tests render at once, each with its own runtime, a page sometimes never completes.
    cargo.env("RUST_TEST_THREADS", "1");
    // Some tests compare the answers on both engines.
    cargo.env(POSTGRES_URL, context.postgres_url()?);
    for name in context.workspace.integration_tests()?.iter().filter(|name| *name != CONTRACT_TEST) {
        cargo.args(["--test", name]);
    }
    let mut count = count_tests(&mut cargo)?;
    let mut doc_tests = process::cargo_command(context.workspace);
    count += count_tests(doc_tests.args(["test", "--no-fail-fast", "--doc"]).args(SERVER_MEMBERS))?;
    count += count_tests(process::cargo_command(context.workspace).args(["test", "--package", "xtask"]))?;
    Ok(count)
}

/// Runs the tracker's contract on both database engines.
pub fn run_contract_tests(context: &TestContext<'_>) -> Result<TestCount> {
    let url = context.postgres_url()?;
    let mut cargo = process::cargo_command(context.workspace);
    count_tests(cargo.arg("test").args(SERVER_MEMBERS).args(["--test", CONTRACT_TEST]).env(POSTGRES_URL, url))
}

fn command_succeeds(command: &mut Command) -> Result<bool> {
    process::stream_output(command, |_| ())
}

fn count_tests(command: &mut Command) -> Result<TestCount> {
    let mut count = TestCount::default();
    let succeeded = process::stream_output(command, |line| count += TestCount::from_libtest_line(line))?;
    Ok(count.with_exit(succeeded))
}
