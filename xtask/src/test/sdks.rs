//! The part in which the real SDK packages, unmodified, talk to the real program.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, ensure};

use super::count::Count;
use super::{Context, POSTGRES_URL, rust};
use crate::python::Python;
use crate::{process, server};

/// Builds the program as `cargo xtask build` does, then runs the tests in `end2end/python` with each version of the SDK
/// for which there is a list of requirements.
pub fn run(context: &Context<'_>) -> Result<Count> {
    let tests = context.workspace.root.join("end2end/python");
    let program = server::build(context.workspace)?;
    let store = s3_store(context)?;
    let url = context.postgres_url()?;
    let python = Python::provide()?;
    let mut count = Count::default();
    for requirements in requirements(&tests)? {
        let python = python.environment(context.workspace, &requirements)?;
        let report = context.workspace.cache("python")?.join("report.xml");
        let _ = fs::remove_file(&report);
        let mut pytest = Command::new(python);
        pytest
            .current_dir(&tests)
            // Nothing of whoever runs the tests gets in.
            .args(["-I", "-B", "-m", "pytest", "--quiet", "--junit-xml"])
            .arg(&report)
            .env("GROUNDGLASS_BINARY", &program)
            .env("GROUNDGLASS_S3_STORE", &store)
            .env(POSTGRES_URL, &url);
        let succeeded = process::follow(&mut pytest, |_| ())?;
        let report = fs::read_to_string(&report).context("pytest wrote no report")?;
        count += Count::junit(&report)?.with_end(succeeded);
    }
    Ok(count)
}

/// Builds the store that stands in for S3, which is part of the tracker's own tests.
fn s3_store(context: &Context<'_>) -> Result<PathBuf> {
    let mut cargo = process::cargo(context.workspace);
    cargo.arg("build").args(rust::TOGETHER).args(["--example", "s3-store"]);
    process::run(&mut cargo, "the compiler's message is above")?;
    Ok(context.workspace.target.join("debug/examples/s3-store"))
}

/// The lists, the newest version first.
fn requirements(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))?;
    let mut lists: Vec<_> = entries.flatten().map(|entry| entry.path()).filter(|path| is_list(path)).collect();
    lists.sort();
    lists.reverse();
    ensure!(!lists.is_empty(), "{} has no requirements", folder.display());
    Ok(lists)
}

fn is_list(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    name.starts_with("requirements-") && path.extension().is_some_and(|extension| extension == "txt")
}
