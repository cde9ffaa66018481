//! A program with a script and somebody who is signed in.

use std::net::{IpAddr, Ipv4Addr};
use std::path::Path;

use anyhow::{Context, Result};
use domain::ids::ExperimentId;
use domain::people::Email;

use crate::place::{Engine, Place};
use crate::program::{Program, serve};
use crate::script::{EMAIL, PASSWORD, Script};

/// A running program and who uses it. Its data is gone with it.
#[derive(Debug)]
pub struct House {
    place: Place,
    /// The program.
    pub program: Program,
    /// Whose scripts send files.
    pub script: Script,
    /// Where they go.
    pub experiment: ExperimentId,
    /// The secret of a session.
    pub session: String,
}

impl House {
    /// On SQLite, with the bytes on disk.
    pub async fn new(binary: &Path) -> Result<Self> {
        let place = Place::new(&Engine::Sqlite, "artifacts").await?;
        // Its future is large.
        let script = Box::pin(Script::prepare(&place, 1)).await?;
        let experiment = *script.experiments.first().context("no experiment")?;
        let tracker = place.open().await?;
        let session = tracker.sign_in(&Email::parse(EMAIL)?, PASSWORD, IpAddr::V4(Ipv4Addr::LOCALHOST)).await?;
        tracker.close().await;
        let program = serve(binary, &place)?;
        Ok(Self { place, program, script, experiment, session: session.reveal().to_owned() })
    }

    /// Ends the program and removes its data.
    pub async fn remove(self) -> Result<()> {
        self.program.stop()?;
        self.place.remove().await
    }
}
