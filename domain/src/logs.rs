//! Logs: the named metrics of an experiment, each of one of eight types.
//!
//! [`Data::parse`] parses what a script sends: samples for a line, or a document for any other type. Data of the wrong shape
//! is an error whose message shows the right shape.

mod bar;
mod batch;
mod cell;
mod chart;
mod dashboard;
mod data;
mod heatmap;
mod image;
mod kind;
mod labelmap;
mod log;
mod name;
mod points;
mod reading;
mod samples;
mod shape;
mod table;

pub use self::bar::Bar;
pub use self::batch::{Batch, BatchError, BatchResult, IdempotencyKey};
pub use self::cell::Cell;
pub use self::chart::{Chart, ChartQuery, NonFinite, XAxis};
pub use self::dashboard::{Dashboard, Layout, LayoutError, Overlay, Size};
pub use self::data::{Data, Document};
pub use self::heatmap::Heatmap;
pub use self::image::Image;
pub use self::kind::{Kind, UnknownKind};
pub use self::labelmap::Labelmap;
pub use self::log::{LineSummary, Log, LogField};
pub use self::name::{LogName, group_of};
pub use self::points::Points;
pub use self::reading::Reading;
pub use self::samples::Samples;
pub use self::shape::ShapeError;
pub use self::table::Table;
