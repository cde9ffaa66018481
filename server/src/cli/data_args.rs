//! Options shared by all commands that open the data: data directory, database and file storage.

use std::path::PathBuf;

use clap::Args;
use domain::Name;
use domain::people::Email;
use tracker::{Tracker, TrackerConfig};

use super::user::parse_name;
use crate::cli_error::CliError;
use crate::data_dir::DataDir;

/// Where the data is stored.
#[derive(Debug, Args)]
#[command(next_help_heading = "Data")]
pub struct DataArgs {
    /// The directory of the database (unless --database-url is set) and of uploaded files. Created if missing.
    #[arg(long, env = "GROUNDGLASS_DATA_DIR", default_value = "./groundglass-data", value_name = "DIRECTORY")]
    data_dir: PathBuf,
    /// A PostgreSQL database (postgres://user@host/name) to use instead of SQLite in the data directory.
    #[arg(long, env = "GROUNDGLASS_DATABASE_URL", hide_env_values = true, value_name = "URL")]
    database_url: Option<String>,
    /// Where to store uploaded files instead of "blobs" in the data directory: a directory (file:///path/to/directory) or a
    /// bucket of an S3-compatible store (s3://bucket/prefix). The store's endpoint and keys are read from the usual variables
    /// (AWS_ENDPOINT_URL, AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY) or from query parameters, such as
    /// s3://bucket?endpoint=https://s3.example.org&region=eu-1. Requests use path-style URLs (endpoint/bucket/key); set
    /// AWS_VIRTUAL_HOSTED_STYLE_REQUEST=true to put the bucket in the host name.
    #[arg(long, env = "GROUNDGLASS_BLOB_URL", hide_env_values = true, value_name = "URL")]
    blob_url: Option<String>,
    /// The maximum total size of uploaded files, such as 500GiB [default: limited by the disk only].
    #[arg(long, env = "GROUNDGLASS_STORAGE_LIMIT", value_parser = parse_byte_size, value_name = "SIZE")]
    storage_limit: Option<u64>,
    /// The name of the first owner's organization. Used only when the first user is created.
    #[arg(long, env = "GROUNDGLASS_ORGANIZATION_NAME", default_value = "Personal", value_parser = parse_name, value_name = "NAME")]
    organization_name: Name,
}

impl DataArgs {
    /// Returns the data directory; creates it if missing.
    pub fn data_dir(&self) -> Result<DataDir, CliError> {
        DataDir::prepare(&self.data_dir)
    }

    /// Returns whether the data directory exists.
    pub fn data_dir_exists(&self) -> bool {
        self.data_dir.exists()
    }

    /// Opens the tracker and migrates an older database.
    pub async fn open(&self) -> Result<Tracker, CliError> {
        Tracker::open(self.tracker_config()).await.map_err(|error| CliError::new(error.to_string()))
    }

    /// Converts an error about a user: a missing user is reported with the data in which it was looked up, because a wrong
    /// data directory is the most likely cause.
    pub fn user_error(&self, email: &Email, error: tracker::Error) -> CliError {
        match error {
            tracker::Error::NotFound(_) if self.database_url.is_some() => CliError::new(format!(
                "no user with the e-mail address {email} in the database given by --database-url"
            )),
            tracker::Error::NotFound(_) => CliError::new(format!(
                "no user with the e-mail address {email} in {}; check --data-dir",
                self.data_dir.display()
            )),
            error => error.into(),
        }
    }

    /// Returns the options as the tracker's configuration.
    pub fn tracker_config(&self) -> TrackerConfig {
        TrackerConfig {
            data_dir: self.data_dir.clone(),
            database_url: self.database_url.clone(),
            blob_url: self.blob_url.clone(),
            storage_limit: self.storage_limit,
            organization_name: self.organization_name.clone(),
        }
    }
}

/// Parses a whole number of bytes, KiB, MiB, GiB or TiB. Units are case-insensitive.
fn parse_byte_size(text: &str) -> Result<u64, String> {
    let invalid = || "use a whole number of bytes, KiB, MiB, GiB or TiB, such as 500GiB".to_owned();
    let digits = text.trim().trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == ' ');
    let unit = match text.trim()[digits.len()..].trim().to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "kib" => 1 << 10,
        "mib" => 1 << 20,
        "gib" => 1 << 30,
        "tib" => 1 << 40,
        _ => return Err(invalid()),
    };
    digits.parse().ok().and_then(|count: u64| count.checked_mul(unit)).ok_or_else(invalid)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_byte_sizes_with_binary_units() {
        for (text, expected) in [
            ("0", Some(0)),
            ("1024", Some(1024)),
            ("500GiB", Some(500 << 30)),
            ("2 tib", Some(2 << 40)),
            ("7 B", Some(7)),
            ("", None),
            ("GiB", None),
            ("-1", None),
            ("1.5GiB", None),
            ("5GB", None),
            ("99999999999TiB", None),
        ] {
            assert_eq!(parse_byte_size(text).ok(), expected, "{text}");
        }
    }
}
