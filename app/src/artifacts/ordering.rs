//! Search and sort order of the artifacts table.

use std::cmp::Ordering;

use domain::ids::ArtifactId;

use super::{
    artifact_row::ArtifactRow,
    url_state::{ArtifactsViewState, SortColumn},
};
use crate::logs::lower_case;

/// Returns the artifacts that match the search, in the sort order of the state. The sort is stable.
pub(super) fn filter_and_sort(rows: &[ArtifactRow], state: &ArtifactsViewState) -> Vec<ArtifactId> {
    let filter = lower_case(&state.filter);
    let mut found: Vec<&ArtifactRow> = rows.iter().filter(|row| matches_filter(row, &filter)).collect();
    let (column, descending) = (state.sort_by, state.descending);
    found.sort_by(|a, b| {
        let order = compare_rows(a, b, column);
        if descending { order.reverse() } else { order }
    });
    found.into_iter().map(|row| row.id).collect()
}

/// Returns the artifacts of `matching` in the order of `previous`. Artifacts that were not in `previous` come last.
pub(super) fn keep_previous_order(previous: &[ArtifactId], matching: &[ArtifactId]) -> Vec<ArtifactId> {
    let remaining = previous.iter().filter(|id| matching.contains(id));
    remaining.chain(matching.iter().filter(|id| !previous.contains(id))).copied().collect()
}

/// Returns whether every word of the lower-case filter occurs in the artifact's name or file name.
fn matches_filter(row: &ArtifactRow, filter: &str) -> bool {
    if filter.is_empty() {
        return true;
    }
    let (name, filename) = (lower_case(row.name.as_str()), lower_case(&row.file.filename));
    filter.split_whitespace().all(|word| name.contains(word) || filename.contains(word))
}

fn compare_rows(a: &ArtifactRow, b: &ArtifactRow, column: SortColumn) -> Ordering {
    match column {
        SortColumn::Name => natural_order(a.name.as_str(), b.name.as_str()),
        SortColumn::File => natural_order(&a.file.filename, &b.file.filename),
        SortColumn::Kind => natural_order(&a.file.kind, &b.file.kind),
        SortColumn::By => natural_order(stored_by(a), stored_by(b)),
        SortColumn::Size => a.file.size.cmp(&b.file.size),
        SortColumn::Stored => a.file.at.cmp(&b.file.at),
    }
}

fn stored_by(row: &ArtifactRow) -> &str {
    row.file.by.as_deref().unwrap_or_default()
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
    use std::cmp::Ordering;

    use super::natural_order;

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
}
