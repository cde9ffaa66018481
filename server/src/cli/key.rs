//! `groundglass key …`.

use clap::Subcommand;

use super::data_args::DataArgs;
use crate::cli_error::CliError;

/// Commands for the key that signs file URLs.
#[derive(Debug, Subcommand)]
pub enum KeyCommand {
    /// Replace the signing key. All signed upload and download URLs stop working; pages and scripts request new ones
    /// automatically.
    Rotate {
        #[command(flatten)]
        data: DataArgs,
    },
}

impl KeyCommand {
    /// Runs the command.
    pub async fn run(self) -> Result<(), CliError> {
        let Self::Rotate { data } = self;
        let tracker = data.open().await?;
        tracker.operator().rotate_signing_key().await?;
        println!("Replaced the signing key. Signed URLs issued before no longer work.");
        tracker.close().await;
        Ok(())
    }
}
