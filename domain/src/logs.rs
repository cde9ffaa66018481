//! Logs: the named metrics of an experiment, each of one of eight kinds.
//!
//! What a script sends is parsed once, by [`Data::parse`]: a line's samples or a document of one of the other kinds.
//! A shape that fits no kind is refused with a sentence that shows the right one.

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
pub use self::batch::{Batch, BatchDone, BatchError, IdempotencyKey};
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
