//! The points of lines: how they are kept, merged, reduced and read.
//!
//! New points go into the *tail*, a row for each commit. [`compact`] merges the tail's rows and, whenever there are enough,
//! cuts full *chunks* of [`CHUNK`] points from them, in the order of (step, arrival). Beside the chunks stands a pyramid of two
//! levels: a fine [`bucket::Bucket`] for each [`FINE`] points, stored with the chunk, and a coarse one for each [`COARSE`], those of
//! [`SEGMENT`] chunks in one row. So a chart costs what its width costs, not what the line's length would.

pub(super) mod bucket;
pub(super) mod chart;
pub(super) mod codec;
pub(super) mod compact;
pub(super) mod corrupt;
pub(super) mod merge;
pub(super) mod pyramid;
pub(super) mod series_row;
pub(super) mod store;
pub(super) mod stream;

/// Points in a full chunk.
pub(super) const CHUNK: usize = 65_536;
/// Points in a bucket of the fine level.
pub(super) const FINE: usize = 256;
/// Points in a bucket of the coarse level.
pub(super) const COARSE: usize = 4_096;
/// Chunks whose coarse buckets stand in one row.
pub(super) const SEGMENT: i64 = 32;
