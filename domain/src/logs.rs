//! Logs: the named metrics of an experiment, each of one of eight types.
//!
//! [`Data::parse`] parses what a script sends: samples for a line, or a document for any other type. A document may be any JSON
//! value; what its type cannot draw is shown as data.

mod bar;
mod batch;
mod cell;
mod chart;
mod dashboard;
mod data;
mod direction;
mod document;
mod extremes;
mod heatmap;
mod image;
mod kind;
mod labelmap;
mod line_samples;
mod log;
mod name;
mod points;
mod reading;
mod samples;
mod shape;
mod step;
mod table;
mod table_query;

pub use self::bar::Bar;
pub use self::batch::{Batch, BatchError, BatchResult, IdempotencyKey};
pub use self::cell::Cell;
pub use self::chart::{Chart, ChartQuery, NonFinite, XAxis};
pub use self::dashboard::{Dashboard, Layout, LayoutError, Overlay, Size, matches_name_filter};
pub use self::data::Data;
pub use self::direction::Direction;
pub use self::document::{Content, Document};
pub use self::extremes::{Extreme, Extremes};
pub use self::heatmap::Heatmap;
pub use self::image::Image;
pub use self::kind::{Kind, UnknownKind};
pub use self::labelmap::Labelmap;
pub use self::line_samples::LineSamples;
pub use self::log::{LineSummary, Log, LogField, NamedLine};
pub use self::name::{LogName, group_of};
pub use self::points::Points;
pub use self::reading::Reading;
pub use self::samples::Samples;
pub use self::shape::ShapeError;
pub use self::step::Step;
pub use self::table::Table;
pub use self::table_query::{CellSortKey, ColumnSort, MatchingRows, TableQuery};
