//! Use cases and persistence of Groundglass.
//!
//! Pages and the API both call this crate. Each use case checks rights, writes, commits, and then publishes the changes. This
//! crate contains no HTTP types, and no other crate contains SQL.

mod artifacts;
mod backup;
mod blobs;
pub mod blocking;
mod clock;
mod db;
mod error;
mod experiments;
#[cfg(any(test, feature = "fuzzing"))]
#[doc(hidden)]
pub mod fuzzing;
mod key;
mod list_stream;
mod live;
mod logs;
mod names;
mod objects;
mod organizations;
mod people;
mod private_files;
mod projects;
mod rights;
mod secret;
mod tracker;
mod ttl_cache;

pub use artifacts::{ArtifactEdit, ArtifactHead, FoundArtifacts, NewArtifact};
pub use backup::{BackupError, BackupProgress, backup, restore};
pub use blobs::ByteStream;
pub use db::OpenError;
pub use error::Error;
pub use experiments::{ExperimentEdit, ExperimentSeed, NewExperiment, Selection};
pub use key::Key;
pub use list_stream::ListStream;
pub use live::{LiveAccess, Subscription};
#[doc(hidden)]
pub use logs::pure;
pub use logs::{IfExists, LogEdit, LogStream, PointStream};
pub use objects::{Download, NewObject, NewUpload, SignedAction, SignedUrl, SweepSummary, UPLOAD_LIMIT};
pub use organizations::files_connector;
pub use people::{Actor, Credential, NewUser, Operator};
pub use projects::ProjectEdit;
pub use secret::Secret;
pub use tracker::{Tracker, TrackerConfig};
