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

/// One key to order a list by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Order<F> {
    /// What is compared.
    pub by: F,
    /// The greatest first.
    pub descending: bool,
}

/// What the lists of one noun can be ordered by.
pub trait Ordered: Copy + 'static {
    /// The words for it, as scripts write them; several may mean the same.
    const WORDS: &'static [(&'static str, Self)];
}

/// The text names nothing that the list can be ordered by.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("this list cannot be ordered by '{asked}'; order it by {known}, with '-' in front for the greatest first")]
pub struct UnknownOrder {
    asked: String,
    known: String,
}

impl<F: Ordered> Order<F> {
    /// Reads `name`, or `-name` for the greatest first.
    ///
    /// # Errors
    /// [`UnknownOrder`], which tells the words that are known.
    pub fn parse(text: &str) -> Result<Self, UnknownOrder> {
        let (word, descending) = text.strip_prefix('-').map_or((text, false), |word| (word, true));
        match F::WORDS.iter().find(|(known, _)| *known == word) {
            Some((_, by)) => Ok(Self { by: *by, descending }),
            None => Err(UnknownOrder {
                asked: text.chars().take(40).collect(),
                known: F::WORDS.iter().map(|(word, _)| *word).collect::<Vec<_>>().join(", "),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    enum Field {
        Name,
        Made,
    }

    impl Ordered for Field {
        const WORDS: &'static [(&'static str, Self)] = &[("name", Self::Name), ("creation_date", Self::Made)];
    }

    #[test]
    fn orders() {
        assert_eq!(Order::parse("name"), Ok(Order { by: Field::Name, descending: false }));
        assert_eq!(Order::parse("-creation_date"), Ok(Order { by: Field::Made, descending: true }));
        for wrong in ["", "-", "--name", "Name", "name;", "id"] {
            let refused = Order::<Field>::parse(wrong).unwrap_err().to_string();
            assert!(refused.contains("by name, creation_date,"), "{refused}");
        }
    }

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
