//! The pure parts of keeping lines, opened for `bench/` to measure. Nothing else uses them from outside.

use domain::logs::Points;

use super::series::bucket::Bucket;
use super::series::codec::{self, Compression};
use super::series::{CHUNK, FINE};

/// Points in a full chunk.
pub const FULL: usize = CHUNK;

/// Writes points as they are kept: quickly, or as small as they get. None for more than fit.
#[must_use]
pub fn encode(points: &Points, small: bool) -> Option<Vec<u8>> {
    codec::encode(points, if small { Compression::Small } else { Compression::Fast }).ok()
}

/// Reads what [`encode`] wrote. None for anything else.
#[must_use]
pub fn decode(bytes: &[u8]) -> Option<Points> {
    codec::decode(bytes).ok()
}

/// Makes the fine buckets of points and joins them to at most so many; tells how many there are.
#[must_use]
pub fn reduce(points: &Points, most: usize) -> usize {
    Bucket::reduce(&Bucket::build_all(points, FINE), most).len()
}
