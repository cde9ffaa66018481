//! Logging, charts, storage and export of lines.

mod charts;
mod entropy;
mod limits;
mod load;
mod loads;
mod requests;
mod rows;
mod storage;

use std::time::Duration;

use anyhow::Result;

use crate::Common;
use crate::bare::Bare;
use crate::place::Engine;
use crate::report::Report;
use limits::Limits;
pub use limits::commits;

/// How long and how much.
#[derive(Debug, Default, clap::Args)]
pub struct Options {
    /// How long each load lasts [default: 5, with --quick 1]
    #[arg(long, value_name = "SECONDS")]
    seconds: Option<u64>,
    /// How many points the longest line has [default: 100000000, with --quick 1000000]
    #[arg(long, value_name = "POINTS")]
    longest: Option<u64>,
    /// Measure only these: requests, storage, charts
    #[arg(long, value_delimiter = ',', value_name = "PART")]
    only: Vec<String>,
}

/// Measures on each engine, each time on a new place.
pub async fn run(report: &mut Report, common: &Common, options: &Options) -> Result<()> {
    let lasting = Duration::from_secs(options.seconds.unwrap_or(if common.quick { 1 } else { 5 }));
    let longest = options.longest.unwrap_or(if common.quick { 1_000_000 } else { 100_000_000 });
    let wants = |part: &str| options.only.is_empty() || options.only.iter().any(|name| name == part);
    let bare = Bare::start()?;
    let limits = if wants("requests") { Limits::measure(&bare, lasting).await? } else { Limits::default() };
    let mut engines = vec![Engine::Sqlite];
    engines.extend(common.postgres.clone().map(Engine::Postgres));
    for engine in &engines {
        if wants("requests") {
            requests::measure(report, &limits, engine, &common.binary, lasting).await?;
        }
        if wants("storage") {
            storage::measure(report, &bare, engine, &common.binary).await?;
        }
        if wants("charts") {
            charts::measure(report, engine, longest).await?;
        }
    }
    bare.remove()
}
