//! Backs up all data of a running server to one archive, and restores it.
//!
//! The archive is a tar file: a manifest, the database, the bytes of all files under their blob keys, and finally the SHA-256
//! of every entry, in the format of `sha256sum --check`. An unpacked archive of a SQLite database is a data directory.

mod archive;
mod database;
mod error;
mod postgres;
mod restore;
mod scratch;
mod sqlite;
mod verify;
mod write;

pub use error::BackupError;
pub(crate) use restore::remove_leftovers;
pub use restore::restore;
pub use write::backup;

/// Progress of a backup or a restore. The last report has the totals.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct BackupProgress {
    /// Number of bytes of files copied so far.
    pub bytes: u64,
    /// Number of bytes of all files.
    pub total_bytes: u64,
    /// Number of segments copied so far. A file has one segment, or several if it was uploaded in parts.
    pub segments: u64,
    /// Number of segments of all files.
    pub total_segments: u64,
    /// Size of the database copy in bytes.
    pub database_bytes: u64,
}
