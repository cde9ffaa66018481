//! Files of random bytes that cost nothing to make: each is the same pool, read from another place on and around.

use std::cell::Cell;
use std::ops::Range;
use std::rc::Rc;

/// How many random bytes there are.
const POOL: usize = 64 << 20;
/// What is sent, written or hashed at once.
const PIECE: usize = 256 << 10;
/// How far apart files begin. It is odd, so that all of them differ until there were as many as the pool has bytes.
const APART: usize = (1 << 20) + 7;

/// A pool of random bytes.
#[derive(Debug, Clone)]
pub struct Noise {
    pool: Rc<[u8]>,
    given: Rc<Cell<usize>>,
}

/// A file that is nowhere: its bytes are made as they are needed.
#[derive(Debug, Clone)]
pub struct File {
    pool: Rc<[u8]>,
    start: usize,
    size: usize,
}

impl Noise {
    /// Always the same bytes.
    pub fn new() -> Self {
        let mut state = 0x9E37_79B9_7F4A_7C15_u64;
        let words = std::iter::repeat_with(|| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state.to_le_bytes()
        });
        Self { pool: words.take(POOL / 8).flatten().collect(), given: Rc::default() }
    }

    /// A file unlike those before: equal ones are kept once.
    pub fn file(&self, size: usize) -> File {
        let start = self.given.get();
        self.given.set((start + APART) % POOL);
        File { pool: self.pool.clone(), start, size }
    }
}

impl File {
    /// How many bytes it has.
    pub fn size(&self) -> usize {
        self.size
    }

    /// Some of its bytes, or those of them that it has.
    pub fn pieces(&self, range: Range<usize>) -> impl Iterator<Item = &[u8]> {
        let (mut at, end) = (range.start, range.end.min(self.size));
        std::iter::from_fn(move || {
            let from = (self.start + at) % POOL;
            let length = PIECE.min(end.saturating_sub(at)).min(POOL - from);
            at += length;
            self.pool.get(from..from + length).filter(|piece| !piece.is_empty())
        })
    }
}
