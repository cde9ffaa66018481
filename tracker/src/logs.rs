//! Logs: writing and reading the named metrics of an experiment.
//!
//! Lines are written by the [`writer`], which commits concurrent requests together, into [`series`]. Documents are written in
//! transactions of their own.

mod access;
mod append;
mod dashboard;
mod documents;
mod edit;
mod images;
mod list;
mod log_row;
pub mod pure;
mod read;
mod series;
mod writer;

pub use access::IfExists;
pub use edit::LogEdit;
pub use list::LogStream;
#[cfg(any(test, feature = "fuzzing"))]
pub use series::fuzzing::check_series_codec;
pub use series::stream::PointStream;

pub(crate) use access::LogAccessCache;
pub(crate) use documents::store_document;
pub(crate) use writer::LogWriter;
