//! A server with a script's token and a browser session.

use std::net::{IpAddr, Ipv4Addr};
use std::path::Path;

use anyhow::{Context, Result};
use domain::ids::ExperimentId;
use domain::people::Email;
use test_instance::TestInstance;

use crate::script_client::{EMAIL, PASSWORD, ScriptClient};
use crate::temporary_data::{DatabaseEngine, TemporaryData};

/// A running server with temporary data, a script that sends files, and a user who is signed in.
#[derive(Debug)]
pub struct ArtifactsInstance {
    data: TemporaryData,
    /// The server.
    pub server: TestInstance,
    /// The client that sends files as the SDK does.
    pub script: ScriptClient,
    /// The experiment of the files.
    pub experiment: ExperimentId,
    /// The secret of the browser session.
    pub session: String,
}

impl ArtifactsInstance {
    /// Starts a server on SQLite with files on disk.
    pub async fn start(binary: &Path) -> Result<Self> {
        Self::start_with(binary, &[]).await
    }

    /// Starts the server with more arguments.
    pub async fn start_with(binary: &Path, arguments: &[&str]) -> Result<Self> {
        let data = TemporaryData::create(&DatabaseEngine::Sqlite, binary, "artifacts").await?;
        // Boxed, because the future is large.
        let script = Box::pin(ScriptClient::create(&data, 1)).await?;
        let experiment = *script.experiments.first().context("no experiment")?;
        let tracker = data.open_tracker().await?;
        let session = tracker.sign_in(&Email::parse(EMAIL)?, PASSWORD, IpAddr::V4(Ipv4Addr::LOCALHOST)).await?;
        tracker.close().await;
        let server = data.start_server_with(arguments)?;
        Ok(Self { data, server, script, experiment, session: session.reveal().to_owned() })
    }

    /// Stops the server and removes its data.
    pub async fn remove(self) -> Result<()> {
        self.server.stop()?;
        self.data.remove().await
    }
}
