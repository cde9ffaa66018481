//! `groundglass key …`.

use clap::Subcommand;

use super::data_args::DataArgs;
use crate::failure::Failure;

/// The commands about the key that signs addresses.
#[derive(Debug, Subcommand)]
pub enum Key {
    /// Make another key. Every address for uploading or downloading that was given out so far stops working; pages and
    /// scripts get new ones by themselves.
    Rotate {
        #[command(flatten)]
        data: DataArgs,
    },
}

impl Key {
    /// Does it.
    pub async fn run(self) -> Result<(), Failure> {
        let Self::Rotate { data } = self;
        let tracker = data.open().await?;
        tracker.operator().rotate_signing_key().await?;
        println!("Addresses are signed with another key from now on; those given out before work no more.");
        tracker.close().await;
        Ok(())
    }
}
