//! The points of lines: storage, compaction, downsampling and reading.
//!
//! New points are appended to the *tail*, one row per commit. [`compact`] merges rows of the tail and, once there are enough
//! points, cuts full *chunks* of [`CHUNK`] points in the order of (step, arrival). A pyramid of two levels accompanies the
//! chunks: one fine [`bucket::Bucket`] per [`FINE`] points, stored with the chunk, and one coarse bucket per [`COARSE`] points,
//! stored in one row per [`SEGMENT`] chunks. The cost of a chart therefore depends on its width, not on the length of the line.

pub(super) mod bucket;
pub(super) mod chart;
pub(super) mod codec;
pub(super) mod compact;
pub(super) mod corrupt;
#[cfg(any(test, feature = "fuzzing"))]
pub(super) mod fuzzing;
pub(super) mod history;
pub(super) mod merge;
pub(super) mod pyramid;
pub(super) mod series_row;
pub(super) mod store;
pub(super) mod stream;
pub(super) mod texts;

use std::ops::Range;

/// Number of points in a full chunk.
pub(super) const CHUNK: usize = 65_536;
/// Returns consecutive ranges of at most [`CHUNK`] of `count` samples, at least one. Samples are stored in such pieces, so that
/// the memory for storing them does not depend on their number.
pub(super) fn chunk_ranges(count: usize) -> impl Iterator<Item = Range<usize>> {
    (0..count.max(1)).step_by(CHUNK).map(move |start| start..count.min(start + CHUNK))
}

/// Number of points in a fine bucket.
pub(super) const FINE: usize = 256;
/// Number of points in a coarse bucket.
pub(super) const COARSE: usize = 4_096;
/// Number of chunks whose coarse buckets share a row.
pub(super) const SEGMENT: i64 = 32;
