//! Measurements and screenshots of the pages.
//!
//! Both run in `end2end/`, in Chromium, against the release build: on a new server with an experiment that has logs and files
//! of all kinds, or on a server that is running already.

use std::ffi::OsString;

use anyhow::Result;
use clap::Args;

use crate::workspace::Workspace;
use crate::{chromium, npm, process, server};

/// A running server to use instead of a new one.
#[derive(Debug, Default, Args)]
pub struct ExistingServer {
    /// Use a running server, for example http://127.0.0.1:3000
    #[arg(long, requires_all = ["email", "experiment"])]
    host: Option<String>,
    /// The e-mail address to sign in with; the password is read from GROUNDGLASS_PASSWORD
    #[arg(long, requires = "host")]
    email: Option<String>,
    /// The id of the experiment to open
    #[arg(long, value_name = "ID", requires = "host")]
    experiment: Option<String>,
}

/// Measures every page and prints a table.
pub fn measure_pages(workspace: &Workspace, server: &ExistingServer, runs: u32) -> Result<()> {
    let reports = workspace.cache_dir("lighthouse")?;
    let variables = [("GROUNDGLASS_RUNS", OsString::from(runs.to_string())), ("GROUNDGLASS_REPORTS", reports.into())];
    run_playwright(workspace, "page-weight", server, &variables)
}

/// Takes the README's screenshots and saves them in `docs/pictures`.
pub fn take_screenshots(workspace: &Workspace, server: &ExistingServer) -> Result<()> {
    run_playwright(workspace, "readme-screenshots", server, &[])
}

fn run_playwright(
    workspace: &Workspace,
    directory: &str,
    existing: &ExistingServer,
    variables: &[(&str, OsString)],
) -> Result<()> {
    let end2end = npm::install_packages(workspace)?;
    let chromium = chromium::find_or_install_chromium(&end2end)?;
    let mut playwright = npm::node_tool(&end2end, "playwright");
    playwright.args(["test", "--config", &format!("{directory}/playwright.config.ts")]).envs(variables.iter().cloned());
    if let Some(chromium) = chromium {
        playwright.env("GROUNDGLASS_CHROMIUM", chromium);
    }
    match &existing.host {
        Some(host) => {
            playwright.env("GROUNDGLASS_HOST", host);
            playwright.env("GROUNDGLASS_EMAIL", existing.email.as_deref().unwrap_or_default());
            playwright.env("GROUNDGLASS_EXPERIMENT", existing.experiment.as_deref().unwrap_or_default());
        }
        None => {
            playwright.env_remove("GROUNDGLASS_HOST").env("GROUNDGLASS_BINARY", server::build_server(workspace)?);
        }
    }
    process::run_command(&mut playwright, "see the failure above")
}
