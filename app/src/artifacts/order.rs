//! Which artifacts the table shows, and in which order.

use std::cmp::Ordering;

use domain::ids::ArtifactId;

use super::{
    look::{Column, Look},
    row::Row,
};
use crate::logs::lower_case;

/// The artifacts that have every word of the filter in their names, in the order asked for; where that leaves it open, as
/// they came.
pub(super) fn shown(rows: &[Row], look: &Look) -> Vec<ArtifactId> {
    let filter = lower_case(&look.filter);
    let mut found: Vec<&Row> = rows.iter().filter(|row| has_all(row, &filter)).collect();
    let (by, descending) = (look.by, look.descending);
    found.sort_by(|one, other| {
        let order = compare(one, other, by);
        if descending { order.reverse() } else { order }
    });
    found.into_iter().map(|row| row.id).collect()
}

/// What is shown, in the places of before; what was not there before comes last.
pub(super) fn kept(before: &[ArtifactId], shown: &[ArtifactId]) -> Vec<ArtifactId> {
    let old = before.iter().filter(|id| shown.contains(id));
    old.chain(shown.iter().filter(|id| !before.contains(id))).copied().collect()
}

fn has_all(row: &Row, filter: &str) -> bool {
    if filter.is_empty() {
        return true;
    }
    let (name, file) = (lower_case(row.name.as_str()), lower_case(&row.file.filename));
    filter.split_whitespace().all(|word| name.contains(word) || file.contains(word))
}

fn compare(one: &Row, other: &Row, by: Column) -> Ordering {
    match by {
        Column::Name => text(one.name.as_str(), other.name.as_str()),
        Column::File => text(&one.file.filename, &other.file.filename),
        Column::Kind => text(&one.file.kind, &other.file.kind),
        Column::By => text(who(one), who(other)),
        Column::Size => one.file.size.cmp(&other.file.size),
        Column::Stored => one.file.at.cmp(&other.file.at),
    }
}

fn who(row: &Row) -> &str {
    row.file.by.as_deref().unwrap_or_default()
}

/// Case does not count, as far as ASCII goes, and numbers within count as such: `epoch9` comes before `epoch10`.
fn text(one: &str, other: &str) -> Ordering {
    let (mut one, mut other) = (one.bytes().peekable(), other.bytes().peekable());
    loop {
        let (Some(a), Some(b)) = (one.peek().copied(), other.peek().copied()) else {
            return one.len().cmp(&other.len());
        };
        let order = if a.is_ascii_digit() && b.is_ascii_digit() {
            number(&mut one).cmp(&number(&mut other))
        } else {
            one.next();
            other.next();
            a.to_ascii_lowercase().cmp(&b.to_ascii_lowercase())
        };
        if order != Ordering::Equal {
            return order;
        }
    }
}

fn number(bytes: &mut std::iter::Peekable<std::str::Bytes<'_>>) -> u64 {
    let mut value = 0_u64;
    while let Some(digit) = bytes.next_if(u8::is_ascii_digit) {
        value = value.saturating_mul(10).saturating_add((digit - b'0').into());
    }
    value
}

#[cfg(test)]
mod tests {
    use std::cmp::Ordering;

    use super::text;

    #[test]
    fn names_are_ordered_as_people_do() {
        let check = |one: &str, other: &str| assert_eq!(text(one, other), Ordering::Less, "{one} {other}");
        check("epoch9.png", "epoch10.png");
        check("a", "B");
        check("", "a");
        check("a", "a1");
        check("a2b", "a10a");
        assert_eq!(text("Best.PT", "best.pt"), Ordering::Equal);
    }
}
