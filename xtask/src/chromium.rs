//! The browser of the end-to-end tests. The system's Chromium is preferred over Playwright's own download.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::{debian, npm, process};

/// Finds Chromium, or installs it. Returns `None` when Playwright uses its own download.
pub fn find_or_install_chromium(end2end: &Path) -> Result<Option<PathBuf>> {
    if let Some(chromium) = find_chromium() {
        return Ok(Some(chromium));
    }
    match debian::install_packages(&["chromium"]) {
        Ok(()) => find_chromium().context("Chromium was installed, but is not on the PATH").map(Some),
        Err(missing) => {
            println!("   Chromium is missing: {missing:#}");
            let mut playwright = npm::node_tool(end2end, "playwright");
            playwright.args(["install", "chromium"]);
            process::run_command(&mut playwright, "install Chromium, or set GROUNDGLASS_CHROMIUM")?;
            Ok(None)
        }
    }
}

fn find_chromium() -> Option<PathBuf> {
    let configured = env::var_os("GROUNDGLASS_CHROMIUM").map(PathBuf::from);
    configured.or_else(|| ["chromium", "chromium-browser", "google-chrome"].into_iter().find_map(process::find_on_path))
}
