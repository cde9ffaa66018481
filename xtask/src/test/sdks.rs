//! The part that runs the unmodified SDK packages against the real server.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, ensure};

use super::test_count::TestCount;
use super::{POSTGRES_URL, TestContext, rust};
use crate::python::Python;
use crate::{process, server};

/// Builds the release binary, then runs the tests in `end2end/python` with each SDK version that has a requirements file.
pub fn run_sdk_tests(context: &TestContext<'_>) -> Result<TestCount> {
    let tests = context.workspace.root.join("end2end/python");
    let binary = server::build_server(context.workspace)?;
    let s3_store = build_s3_store(context)?;
    let url = context.postgres_url()?;
    let python = Python::find_or_install()?;
    let mut count = TestCount::default();
    for requirements in find_requirements(&tests)? {
        let python = python.create_environment(context.workspace, &requirements)?;
        let report = context.workspace.cache_dir("python")?.join("report.xml");
        let _ = fs::remove_file(&report);
        let mut pytest = Command::new(python);
        pytest
            .current_dir(&tests)
            // Isolated from the packages and settings of the current user.
            .args(["-I", "-B", "-m", "pytest", "--quiet", "--junit-xml"])
            .arg(&report)
            .env("GROUNDGLASS_BINARY", &binary)
            .env("GROUNDGLASS_S3_STORE", &s3_store)
            .env(POSTGRES_URL, &url);
        let succeeded = process::stream_output(&mut pytest, |_| ())?;
        let report = fs::read_to_string(&report).context("pytest wrote no report")?;
        count += TestCount::from_junit_report(&report)?.with_exit(succeeded);
    }
    Ok(count)
}

/// Builds the S3-compatible test store, an example of the tracker crate.
fn build_s3_store(context: &TestContext<'_>) -> Result<PathBuf> {
    let mut cargo = process::cargo_command(context.workspace);
    cargo.arg("build").args(rust::SERVER_MEMBERS).args(["--example", "s3-store"]);
    process::run_command(&mut cargo, "see the compiler's message above")?;
    Ok(context.workspace.target.join("debug/examples/s3-store"))
}

/// Returns the requirements files, the newest SDK version first.
fn find_requirements(directory: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(directory).with_context(|| format!("cannot list {}", directory.display()))?;
    let paths = entries.flatten().map(|entry| entry.path());
    let mut requirements: Vec<_> = paths.filter(|path| is_requirements_file(path)).collect();
    requirements.sort();
    requirements.reverse();
    ensure!(!requirements.is_empty(), "{} has no requirements files", directory.display());
    Ok(requirements)
}

fn is_requirements_file(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    name.starts_with("requirements-") && path.extension().is_some_and(|extension| extension == "txt")
}
