//! Lists come in pages: no list is ever given whole.

use serde::{Deserialize, Serialize};

/// Which part of a list is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    offset: i64,
    limit: i64,
}

impl Page {
    /// The most items on one page.
    pub const LIMIT: i64 = 1_000;

    /// `limit` items from `offset` on. Brought into range rather than refused: `limit` to 1…1,000, `offset` to 0 and up.
    #[must_use]
    pub fn new(offset: i64, limit: i64) -> Self {
        Self { offset: offset.max(0), limit: limit.clamp(1, Self::LIMIT) }
    }

    /// How many items to pass over.
    #[must_use]
    pub fn offset(self) -> i64 {
        self.offset
    }

    /// How many items at most.
    #[must_use]
    pub fn limit(self) -> i64 {
        self.limit
    }
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paged<T> {
    /// The items on this page.
    pub items: Vec<T>,
    /// How many there are on all pages.
    pub total: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_stay_in_range() {
        for (offset, limit, expected) in
            [(0, 50, (0, 50)), (-3, 0, (0, 1)), (7, 5_000, (7, 1_000)), (i64::MIN, i64::MIN, (0, 1))]
        {
            let page = Page::new(offset, limit);
            assert_eq!((page.offset(), page.limit()), expected);
        }
    }
}
