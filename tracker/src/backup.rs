//! Everything in one archive, made while the server runs, and the way back.
//!
//! The archive is a tar file: what it is, the database, the bytes of each file under their keys, and at the end the SHA-256
//! of all that came before, as `sha256sum --check` reads it. Unpacked by hand, one of SQLite is a data directory.

mod archive;
mod database;
mod failure;
mod postgres;
mod restore;
mod sqlite;
mod write;

pub use failure::BackupError;
pub use restore::restore;
pub use write::backup;

/// How far a backup or a restore is, and at the end what it was.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Progress {
    /// The files' bytes that are copied.
    pub bytes: u64,
    /// All of them.
    pub all_bytes: u64,
    /// The pieces that are copied: each file is one, or several when it came in parts.
    pub pieces: u64,
    /// All of them.
    pub all_pieces: u64,
    /// How large the copy of the database is, in bytes.
    pub database: u64,
}
