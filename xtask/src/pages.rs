//! The pages as people get them: what they weigh, how Lighthouse judges them, and pictures of them.
//!
//! Both happen in `end2end/`, in Chromium, against the program as it is released: on a server of its own, with an experiment
//! that has everything, or on one that runs already.

use std::ffi::OsString;

use anyhow::Result;
use clap::Args;

use crate::workspace::Workspace;
use crate::{chromium, npm, process, server};

/// The server whose pages are meant, unless it is to be started just for this.
#[derive(Debug, Default, Args)]
pub struct Place {
    /// A server that runs already, for example http://127.0.0.1:3000
    #[arg(long, requires_all = ["email", "experiment"])]
    host: Option<String>,
    /// Who signs in there; the password stands in GROUNDGLASS_PASSWORD
    #[arg(long, requires = "host")]
    email: Option<String>,
    /// The id of the experiment that is looked at
    #[arg(long, value_name = "ID", requires = "host")]
    experiment: Option<String>,
}

/// Measures every page and prints a table.
pub fn measure(workspace: &Workspace, place: &Place, runs: u32) -> Result<()> {
    let reports = workspace.cache("lighthouse")?;
    let variables = [("GROUNDGLASS_RUNS", OsString::from(runs.to_string())), ("GROUNDGLASS_REPORTS", reports.into())];
    playwright(workspace, "weigh", place, &variables)
}

/// Takes the README's pictures, into `docs/pictures`.
pub fn picture(workspace: &Workspace, place: &Place) -> Result<()> {
    playwright(workspace, "pictures", place, &[])
}

fn playwright(workspace: &Workspace, folder: &str, place: &Place, variables: &[(&str, OsString)]) -> Result<()> {
    let end2end = npm::install(workspace)?;
    let chromium = chromium::provide(&end2end)?;
    let mut playwright = npm::tool(&end2end, "playwright");
    playwright.args(["test", "--config", &format!("{folder}/playwright.config.ts")]).envs(variables.iter().cloned());
    if let Some(chromium) = chromium {
        playwright.env("GROUNDGLASS_CHROMIUM", chromium);
    }
    match &place.host {
        Some(host) => {
            playwright.env("GROUNDGLASS_HOST", host);
            playwright.env("GROUNDGLASS_EMAIL", place.email.as_deref().unwrap_or_default());
            playwright.env("GROUNDGLASS_EXPERIMENT", place.experiment.as_deref().unwrap_or_default());
        }
        None => {
            playwright.env_remove("GROUNDGLASS_HOST").env("GROUNDGLASS_BINARY", server::build(workspace)?);
        }
    }
    process::run(&mut playwright, "what failed stands above")
}
