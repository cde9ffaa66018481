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
pub struct DataArgs {
    /// Where data is kept: the database (unless --database-url names another) and files. Made if missing.
    #[arg(long, env = "GROUNDGLASS_DATA_DIR", default_value = "./groundglass-data", value_name = "DIRECTORY")]
    data_dir: PathBuf,
    /// A PostgreSQL database (postgres://user@host/name) instead of SQLite in the data directory.
    #[arg(long, env = "GROUNDGLASS_DATABASE_URL", hide_env_values = true, value_name = "URL")]
    database_url: Option<String>,
    /// Where uploaded files are kept instead of "blobs" in the data directory: a folder, written file:///path/to/it, or a bucket
    /// of a store that speaks S3, written s3://bucket/prefix. The store's address and keys come from the usual variables
    /// (AWS_ENDPOINT_URL, AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY) or from options behind the address, such as
    /// s3://bucket?endpoint=https://s3.example.org&region=eu-1. Paths are written endpoint/bucket/key; with
    /// AWS_VIRTUAL_HOSTED_STYLE_REQUEST=true, the bucket stands in the host's name.
    #[arg(long, env = "GROUNDGLASS_BLOB_URL", hide_env_values = true, value_name = "URL")]
    blob_url: Option<String>,
    /// The most bytes that uploaded files may take together, such as 500GiB. Without it, as many as the disk takes.
    #[arg(long, env = "GROUNDGLASS_STORAGE_LIMIT", value_parser = bytes, value_name = "BYTES")]
    storage_limit: Option<u64>,
    /// What the organization of the first owner is called. Used once, when there is none yet.
    #[arg(long, env = "GROUNDGLASS_ORGANIZATION_NAME", default_value = "Personal", value_parser = name, value_name = "NAME")]
    organization_name: Name,
}

impl DataArgs {
    /// The data directory, ready to use.
    pub fn data_dir(&self) -> Result<DataDir, Failure> {
        DataDir::prepare(&self.data_dir)
    }

    /// Opens the tracker there; an older database is brought up to date.
    pub async fn open(&self) -> Result<Tracker, Failure> {
        Tracker::open(self.tracker()).await.map_err(|error| Failure::new(error.to_string()))
    }

    /// The same in the tracker's words.
    pub fn tracker(&self) -> tracker::TrackerConfig {
        tracker::TrackerConfig {
            data_dir: self.data_dir.clone(),
            database_url: self.database_url.clone(),
            blob_url: self.blob_url.clone(),
            storage_limit: self.storage_limit,
            organization_name: self.organization_name.clone(),
        }
    }
}

fn name(text: &str) -> Result<Name, String> {
    Name::parse(text).map_err(|error| error.to_string())
}

/// A number of bytes, or of KiB, MiB, GiB or TiB.
fn bytes(text: &str) -> Result<u64, String> {
    let wrong = || "write a number of bytes, or one with KiB, MiB, GiB or TiB behind it, such as 500GiB".to_owned();
    let digits = text.trim().trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == ' ');
    let unit = match text.trim()[digits.len()..].trim().to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "kib" => 1 << 10,
        "mib" => 1 << 20,
        "gib" => 1 << 30,
        "tib" => 1 << 40,
        _ => return Err(wrong()),
    };
    digits.parse().ok().and_then(|count: u64| count.checked_mul(unit)).ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_bytes() {
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
            assert_eq!(bytes(text).ok(), expected, "{text}");
        }
    }
}
