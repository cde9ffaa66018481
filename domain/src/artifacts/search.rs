//! Search and sort order of the artifacts table. Server and browser apply the same rules.

use std::{cmp::Ordering, fmt};

use crate::Instant;

/// A column by which the artifacts table can be sorted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ArtifactColumn {
    /// The artifact's name.
    Name,
    /// The name of the file.
    File,
    /// The size in bytes.
    Size,
    /// The kind of file.
    Kind,
    /// When the file was stored.
    #[default]
    Stored,
    /// The user who stored the file.
    By,
}

impl ArtifactColumn {
    const NAMES: [(Self, &'static str); 6] = [
        (Self::Name, "name"),
        (Self::File, "file"),
        (Self::Size, "size"),
        (Self::Kind, "kind"),
        (Self::Stored, "stored"),
        (Self::By, "by"),
    ];

    fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(column, _)| *column == self).map_or("", |(_, name)| name)
    }

    /// Returns whether the first sort by this column is descending.
    fn is_descending_by_default(self) -> bool {
        matches!(self, Self::Size | Self::Stored)
    }
}

/// The sort order of the artifacts table. By default, the most recently stored file comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ArtifactOrder {
    /// The column to compare.
    pub column: ArtifactColumn,
    /// Whether the greatest value comes first.
    pub descending: bool,
}

impl Default for ArtifactOrder {
    fn default() -> Self {
        Self::by(ArtifactColumn::default())
    }
}

impl fmt::Display for ArtifactOrder {
    /// Writes the column, with a leading `-` for descending order.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", if self.descending { "-" } else { "" }, self.column.name())
    }
}

impl ArtifactOrder {
    /// Returns the order of the first sort by this column.
    #[must_use]
    pub fn by(column: ArtifactColumn) -> Self {
        Self { column, descending: column.is_descending_by_default() }
    }

    /// Parses the text that `Display` writes. Anything else means the default order.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let (name, descending) = text.strip_prefix('-').map_or((text, false), |name| (name, true));
        let column = ArtifactColumn::NAMES.iter().find(|(_, known)| *known == name);
        column.map_or_else(Self::default, |(column, _)| Self { column: *column, descending })
    }

    /// Compares two rows of the table.
    #[must_use]
    pub fn compare(self, a: &ArtifactSortKey<'_>, b: &ArtifactSortKey<'_>) -> Ordering {
        let order = match self.column {
            ArtifactColumn::Name => natural_order(a.name, b.name),
            ArtifactColumn::File => natural_order(a.filename, b.filename),
            ArtifactColumn::Kind => natural_order(a.kind, b.kind),
            ArtifactColumn::By => natural_order(a.stored_by, b.stored_by),
            ArtifactColumn::Size => a.size.cmp(&b.size),
            ArtifactColumn::Stored => a.stored_at.cmp(&b.stored_at),
        };
        if self.descending { order.reverse() } else { order }
    }
}

/// The parts of an artifact that the table can be sorted by.
#[derive(Debug, Clone, Copy)]
pub struct ArtifactSortKey<'a> {
    /// The artifact's name.
    pub name: &'a str,
    /// The name of the file.
    pub filename: &'a str,
    /// The kind of file.
    pub kind: &'a str,
    /// The size in bytes.
    pub size: u64,
    /// When the file was stored.
    pub stored_at: Instant,
    /// The user who stored the file; empty if that user was removed.
    pub stored_by: &'a str,
}

/// Returns whether every word of `search` occurs in the artifact's name or the name of its file. All texts must be in lower
/// case. An empty search matches all artifacts.
#[must_use]
pub fn matches_search(search: &str, name: &str, filename: &str) -> bool {
    search.split_whitespace().all(|word| name.contains(word) || filename.contains(word))
}

/// Compares two texts in natural order: ASCII letters without case, and digits as numbers, so that `epoch9` comes before
/// `epoch10`.
fn natural_order(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a.bytes().peekable(), b.bytes().peekable());
    loop {
        let (Some(left), Some(right)) = (a.peek().copied(), b.peek().copied()) else {
            return a.len().cmp(&b.len());
        };
        let order = if left.is_ascii_digit() && right.is_ascii_digit() {
            take_number(&mut a).cmp(&take_number(&mut b))
        } else {
            a.next();
            b.next();
            left.to_ascii_lowercase().cmp(&right.to_ascii_lowercase())
        };
        if order != Ordering::Equal {
            return order;
        }
    }
}

/// Consumes the leading digits and returns their value, saturating at `u64::MAX`.
fn take_number(bytes: &mut std::iter::Peekable<std::str::Bytes<'_>>) -> u64 {
    let mut value = 0_u64;
    while let Some(digit) = bytes.next_if(u8::is_ascii_digit) {
        value = value.saturating_mul(10).saturating_add((digit - b'0').into());
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorts_names_in_natural_order() {
        let check = |a: &str, b: &str| assert_eq!(natural_order(a, b), Ordering::Less, "{a} {b}");
        check("epoch9.png", "epoch10.png");
        check("a", "B");
        check("", "a");
        check("a", "a1");
        check("a2b", "a10a");
        assert_eq!(natural_order("Best.PT", "best.pt"), Ordering::Equal);
    }

    #[test]
    fn orders_round_trip() {
        for text in ["name", "-name", "file", "size", "-size", "kind", "-kind", "stored", "-stored", "by"] {
            assert_eq!(ArtifactOrder::parse(text).to_string(), text);
        }
        for text in ["", "-", "up", "--name", "Name"] {
            assert_eq!(ArtifactOrder::parse(text).to_string(), "-stored", "{text}");
        }
    }

    #[test]
    fn every_word_must_occur_in_one_of_the_names() {
        let check = |search: &str, expected: bool| {
            assert_eq!(matches_search(search, "model-latest", "best.pt"), expected, "{search}");
        };
        check("", true);
        check("  ", true);
        check("latest", true);
        check("best model", true);
        check("del-la .pt", true);
        check("model.pt", false);
        check("best other", false);
        check("%", false);
    }
}
