//! The browser of the end-to-end tests: the system's Chromium first.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::{debian, npm, process};

/// Finds Chromium, and provides it where there is none. Nothing where Playwright uses its own download.
pub fn provide(end2end: &Path) -> Result<Option<PathBuf>> {
    if let Some(chromium) = find() {
        return Ok(Some(chromium));
    }
    match debian::install(&["chromium"]) {
        Ok(()) => find().context("Chromium was installed, but is not on the PATH").map(Some),
        Err(missing) => {
            println!("   Chromium is missing: {missing:#}");
            let mut playwright = npm::tool(end2end, "playwright");
            process::run(playwright.args(["install", "chromium"]), "install Chromium, or set GROUNDGLASS_CHROMIUM")?;
            Ok(None)
        }
    }
}

fn find() -> Option<PathBuf> {
    let named = env::var_os("GROUNDGLASS_CHROMIUM").map(PathBuf::from);
    named.or_else(|| ["chromium", "chromium-browser", "google-chrome"].into_iter().find_map(process::find))
}
