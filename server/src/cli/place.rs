//! Where the data is: the options that every command takes.

use std::path::PathBuf;

use clap::Args;
use domain::Name;
use tracker::Tracker;

use crate::data_dir::DataDir;
use crate::failure::Failure;

/// The place of the data.
#[derive(Debug, Args)]
#[command(next_help_heading = "Data")]
pub struct Place {
    /// Where data is kept: the database (unless --database-url names another) and files. Made if missing.
    #[arg(long, env = "GROUNDGLASS_DATA_DIR", default_value = "./groundglass-data", value_name = "DIRECTORY")]
    data_dir: PathBuf,
    /// A PostgreSQL database (postgres://user@host/name) instead of SQLite in the data directory.
    #[arg(long, env = "GROUNDGLASS_DATABASE_URL", hide_env_values = true, value_name = "URL")]
    database_url: Option<String>,
    /// A folder for uploaded files, written file:///path/to/it, instead of "blobs" in the data directory.
    #[arg(long, env = "GROUNDGLASS_BLOB_URL", value_name = "URL")]
    blob_url: Option<String>,
    /// What the organization of the first owner is called. Used once, when there is none yet.
    #[arg(long, env = "GROUNDGLASS_ORGANIZATION_NAME", default_value = "Personal", value_parser = name, value_name = "NAME")]
    organization_name: Name,
}

impl Place {
    /// The data directory, ready to use.
    pub fn data_dir(&self) -> Result<DataDir, Failure> {
        DataDir::prepare(&self.data_dir)
    }

    /// Opens the tracker there; an older database is brought up to date.
    pub async fn open(&self) -> Result<Tracker, Failure> {
        let place = tracker::Place {
            data_dir: self.data_dir.clone(),
            database_url: self.database_url.clone(),
            blob_url: self.blob_url.clone(),
            organization_name: self.organization_name.clone(),
        };
        Tracker::open(place).await.map_err(|error| Failure::new(error.to_string()))
    }
}

fn name(text: &str) -> Result<Name, String> {
    Name::parse(text).map_err(|error| error.to_string())
}
