//! Pure functions of the series store, public for the benchmarks in `bench/` only.

use domain::logs::Points;

use super::series::bucket::Bucket;
use super::series::codec::{self, Compression};
use super::series::{CHUNK, FINE};

/// Number of points in a full chunk.
pub const POINTS_PER_CHUNK: usize = CHUNK;

/// Encodes points as stored, optimized for size or speed. Returns `None` for more points than fit.
#[must_use]
pub fn encode(points: &Points, small: bool) -> Option<Vec<u8>> {
    codec::encode(points, if small { Compression::Small } else { Compression::Fast }).ok()
}

/// Decodes the output of [`encode`]. Returns `None` for other bytes.
#[must_use]
pub fn decode(bytes: &[u8]) -> Option<Points> {
    codec::decode(bytes).ok()
}

/// Builds the fine buckets of points, downsamples them to at most `max_len`, and returns their number.
#[must_use]
pub fn downsample(points: &Points, max_len: usize) -> usize {
    Bucket::downsample(&Bucket::build_all(points, FINE), max_len).len()
}
