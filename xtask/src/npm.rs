//! The npm packages: wasm-opt, plotly.js and the tools of the end-to-end tests, all listed in `end2end/package.json`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::hash::ContentHash;
use crate::workspace::Workspace;
use crate::{process, step};

/// Whether Node and npm are on the PATH.
pub fn is_available() -> bool {
    process::find_on_path("node").is_some() && process::find_on_path("npm").is_some()
}

/// Installs the packages of `package-lock.json`, unless they are installed already. Returns the directory `end2end`.
pub fn install_packages(workspace: &Workspace) -> Result<PathBuf> {
    let directory = workspace.root.join("end2end");
    let lock = fs::read(directory.join("package-lock.json")).context("cannot read end2end/package-lock.json")?;
    let expected = ContentHash::default().with_piece(lock).into_short_hex();
    let stamp = directory.join("node_modules/.groundglass");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == expected) {
        return Ok(directory);
    }
    step::run_with_output("npm ci", || {
        let mut npm = Command::new("npm");
        // The tests use the system's browser.
        npm.current_dir(&directory)
            .args(["ci", "--no-audit", "--no-fund"])
            .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
        process::run_command(&mut npm, "it needs Node 20 or newer, and npm's registry or its cache")
    })?;
    fs::write(stamp, expected)?;
    Ok(directory)
}

/// Returns plotly.js, which draws the charts, as browsers load it. `None` if it cannot be installed; pages then show their
/// numbers without charts.
pub fn load_plotly(workspace: &Workspace) -> Option<Vec<u8>> {
    let file = "node_modules/plotly.js-cartesian-dist-min/plotly-cartesian.min.js";
    let read_file =
        || fs::read(install_packages(workspace)?.join(file)).with_context(|| format!("cannot read end2end/{file}"));
    let plotly = if is_available() { read_file() } else { Err(anyhow::anyhow!("Node is not installed")) };
    plotly
        .inspect_err(|error| {
            step::report_skipped("plotly.js", &format!("skipped, pages will have no charts: {error:#}"))
        })
        .ok()
}

/// Returns the command of a program that npm installed.
pub fn node_tool(directory: &Path, name: &str) -> Command {
    let mut command = Command::new("node");
    command.current_dir(directory).arg(directory.join("node_modules/.bin").join(name));
    command
}
