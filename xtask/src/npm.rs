//! What comes from npm: wasm-opt, the charts' library and the tools of the end-to-end tests, all listed in
//! `end2end/package.json`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::hash::Hash;
use crate::workspace::Workspace;
use crate::{process, step};

/// Whether Node and npm are there.
pub fn present() -> bool {
    process::find("node").is_some() && process::find("npm").is_some()
}

/// Installs what `package-lock.json` lists, unless that is done; returns the folder.
pub fn install(workspace: &Workspace) -> Result<PathBuf> {
    let folder = workspace.root.join("end2end");
    let lock = fs::read(folder.join("package-lock.json")).context("cannot read end2end/package-lock.json")?;
    let wanted = Hash::default().piece(lock).short();
    let stamp = folder.join("node_modules/.groundglass");
    if fs::read_to_string(&stamp).is_ok_and(|have| have == wanted) {
        return Ok(folder);
    }
    step::loud("npm ci", || {
        let mut npm = Command::new("npm");
        // The browser is the system's.
        npm.current_dir(&folder).args(["ci", "--no-audit", "--no-fund"]).env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
        process::run(&mut npm, "it needs Node 20 or newer, and npm's registry or its cache")
    })?;
    fs::write(stamp, wanted)?;
    Ok(folder)
}

/// The library that draws the pages' charts, as browsers load it; none where it cannot be had, and then pages show their
/// numbers without charts.
pub fn plotly(workspace: &Workspace) -> Option<Vec<u8>> {
    let file = "node_modules/plotly.js-cartesian-dist-min/plotly-cartesian.min.js";
    let read = || fs::read(install(workspace)?.join(file)).with_context(|| format!("cannot read end2end/{file}"));
    let found = if present() { read() } else { Err(anyhow::anyhow!("there is no Node")) };
    found.inspect_err(|error| step::skipped("plotly.js", &format!("left out, there will be no charts: {error:#}"))).ok()
}

/// A program that npm installed.
pub fn tool(folder: &Path, name: &str) -> Command {
    let mut command = Command::new("node");
    command.current_dir(folder).arg(folder.join("node_modules/.bin").join(name));
    command
}
