//! Logs: what scripts log to an experiment, and how it is read back.
//!
//! Lines go through the [`group`], which commits together what arrives together, into [`series`]. Documents are written on
//! their own.

mod access;
mod append;
mod dashboard;
mod documents;
mod edit;
mod group;
mod images;
mod list;
pub mod pure;
mod read;
mod row;
mod series;

pub use access::IfExists;
pub use edit::LogEdit;
pub use series::stream::PointStream;

pub(crate) use access::MayLog;
pub(crate) use documents::put;
pub(crate) use group::Group;
