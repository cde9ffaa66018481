//! Pagination and sort order of lists.

use serde::{Deserialize, Serialize};

/// The requested part of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    offset: i64,
    limit: i64,
}

impl Page {
    /// Maximum number of items on a page.
    pub const LIMIT: i64 = 1_000;

    /// Returns a page of `limit` items from `offset` on. Clamps `limit` to 1…1,000 and `offset` to 0 and above.
    #[must_use]
    pub fn new(offset: i64, limit: i64) -> Self {
        Self { offset: offset.max(0), limit: limit.clamp(1, Self::LIMIT) }
    }

    /// Returns the number of items to skip.
    #[must_use]
    pub fn offset(self) -> i64 {
        self.offset
    }

    /// Returns the maximum number of items.
    #[must_use]
    pub fn limit(self) -> i64 {
        self.limit
    }
}

/// The requested range of a list: a number of items, or all, from an offset on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListRange {
    offset: i64,
    limit: i64,
}

impl ListRange {
    /// The whole list.
    pub const ALL: Self = Self { offset: 0, limit: i64::MAX };

    /// Returns the range of `limit` items from `offset` on, clamped like a [`Page`]. `None` means all items.
    #[must_use]
    pub fn new(offset: i64, limit: Option<i64>) -> Self {
        let offset = offset.max(0);
        // `offset + limit` never overflows, as PostgreSQL computes it.
        limit.map_or(Self { offset, limit: i64::MAX - offset }, |limit| Page::new(offset, limit).into())
    }

    /// Returns the number of items to skip.
    #[must_use]
    pub fn offset(self) -> i64 {
        self.offset
    }

    /// Returns the maximum number of items.
    #[must_use]
    pub fn limit(self) -> i64 {
        self.limit
    }

    /// Returns the offset of the range that follows, or `None` if `items`, the length of this one, reaches the end of the list.
    #[must_use]
    pub fn next_offset(self, items: usize, total: i64) -> Option<i64> {
        let next = self.offset.saturating_add(i64::try_from(items).unwrap_or(i64::MAX));
        (items > 0 && next < total).then_some(next)
    }
}

impl From<Page> for ListRange {
    fn from(Page { offset, limit }: Page) -> Self {
        Self { offset, limit: limit.min(i64::MAX - offset) }
    }
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paged<T> {
    /// The items on this page.
    pub items: Vec<T>,
    /// Number of items on all pages together.
    pub total: i64,
}

/// A sort key with its direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Order<F> {
    /// The field to compare.
    pub by: F,
    /// Whether the greatest value comes first.
    pub descending: bool,
}

/// A field by which a list can be sorted.
pub trait SortField: Copy + 'static {
    /// The fields with the names that scripts use for them. A field may have several names.
    const NAMES: &'static [(&'static str, Self)];
}

/// The text is not a sort field of the list.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("cannot sort this list by '{requested}'; use {known}, with a leading '-' for descending order")]
pub struct UnknownOrder {
    requested: String,
    known: String,
}

impl<F: SortField> Order<F> {
    /// Parses `name`, or `-name` for descending order.
    ///
    /// # Errors
    /// Returns [`UnknownOrder`], which lists the known fields, if the text names no field of the list.
    pub fn parse(text: &str) -> Result<Self, UnknownOrder> {
        let (name, descending) = text.strip_prefix('-').map_or((text, false), |name| (name, true));
        match F::NAMES.iter().find(|(known, _)| *known == name) {
            Some((_, by)) => Ok(Self { by: *by, descending }),
            None => Err(UnknownOrder {
                requested: text.chars().take(40).collect(),
                known: F::NAMES.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", "),
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
        Created,
    }

    impl SortField for Field {
        const NAMES: &'static [(&'static str, Self)] = &[("name", Self::Name), ("creation_date", Self::Created)];
    }

    #[test]
    fn parses_sort_fields_with_direction() {
        assert_eq!(Order::parse("name"), Ok(Order { by: Field::Name, descending: false }));
        assert_eq!(Order::parse("-creation_date"), Ok(Order { by: Field::Created, descending: true }));
        for wrong in ["", "-", "--name", "Name", "name;", "id"] {
            let message = Order::<Field>::parse(wrong).unwrap_err().to_string();
            assert!(message.contains("use name, creation_date,"), "{message}");
        }
    }

    #[test]
    fn clamps_offset_and_limit() {
        for (offset, limit, expected) in
            [(0, 50, (0, 50)), (-3, 0, (0, 1)), (7, 5_000, (7, 1_000)), (i64::MIN, i64::MIN, (0, 1))]
        {
            let page = Page::new(offset, limit);
            assert_eq!((page.offset(), page.limit()), expected);
        }
    }

    #[test]
    fn ranges_have_a_limit_only_if_requested() {
        for (offset, limit, expected) in [
            (0, None, (0, i64::MAX)),
            (7, None, (7, i64::MAX - 7)),
            (-1, None, (0, i64::MAX)),
            (7, Some(50), (7, 50)),
            (0, Some(5_000), (0, 1_000)),
            (i64::MAX, Some(2), (i64::MAX, 0)),
        ] {
            let range = ListRange::new(offset, limit);
            assert_eq!((range.offset(), range.limit()), expected);
        }
    }

    #[test]
    fn the_next_range_begins_where_this_one_ends() {
        for (offset, items, total, expected) in
            [(0, 2, 5, Some(2)), (2, 2, 5, Some(4)), (4, 1, 5, None), (0, 0, 5, None), (9, 0, 5, None), (0, 0, 0, None)]
        {
            assert_eq!(ListRange::new(offset, Some(2)).next_offset(items, total), expected);
        }
    }
}
