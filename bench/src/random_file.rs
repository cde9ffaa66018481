//! Files of random bytes that take no time to generate: all are views into one pool, with different offsets.

use std::cell::Cell;
use std::ops::Range;
use std::rc::Rc;

/// The size of the pool in bytes.
const POOL_SIZE: usize = 64 << 20;
/// How many bytes are sent, written or hashed at once.
const PIECE_SIZE: usize = 256 << 10;
/// The distance between the offsets of two files. It is odd, so that files differ until there are as many as the pool has
/// bytes.
const OFFSET_STEP: usize = (1 << 20) + 7;

/// A pool of random bytes.
#[derive(Debug, Clone)]
pub struct RandomPool {
    pool: Rc<[u8]>,
    next_offset: Rc<Cell<usize>>,
}

/// A file of random bytes in memory: the bytes of the pool from an offset on, repeated.
#[derive(Debug, Clone)]
pub struct RandomFile {
    pool: Rc<[u8]>,
    offset: usize,
    size: usize,
}

impl RandomPool {
    /// Creates a pool, which has the same bytes each time.
    pub fn new() -> Self {
        let mut state = 0x9E37_79B9_7F4A_7C15_u64;
        let words = std::iter::repeat_with(|| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state.to_le_bytes()
        });
        Self { pool: words.take(POOL_SIZE / 8).flatten().collect(), next_offset: Rc::default() }
    }

    /// Returns a file that differs from the previous ones, because the server stores equal files once.
    pub fn new_file(&self, size: usize) -> RandomFile {
        let offset = self.next_offset.get();
        self.next_offset.set((offset + OFFSET_STEP) % POOL_SIZE);
        RandomFile { pool: self.pool.clone(), offset, size }
    }
}

impl RandomFile {
    /// The size in bytes.
    pub fn size(&self) -> usize {
        self.size
    }

    /// Returns the bytes in a range, in pieces. The range may exceed the end of the file.
    pub fn pieces(&self, range: Range<usize>) -> impl Iterator<Item = &[u8]> {
        let (mut at, end) = (range.start, range.end.min(self.size));
        std::iter::from_fn(move || {
            let from = (self.offset + at) % POOL_SIZE;
            let length = PIECE_SIZE.min(end.saturating_sub(at)).min(POOL_SIZE - from);
            at += length;
            self.pool.get(from..from + length).filter(|piece| !piece.is_empty())
        })
    }
}
