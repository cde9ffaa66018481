//! Search and sort order of a table's rows.

use std::cmp::Ordering;

use super::{Cell, Table};
use crate::text::to_lowercase;

/// The rows of a table to show, and their order. The default is all rows in the order in which they were logged.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TableQuery {
    /// Text that a cell or the name of the row must contain, ignoring case and surrounding spaces. An empty text matches all
    /// rows.
    pub search: String,
    /// The column that determines the order.
    pub sort: Option<ColumnSort>,
}

/// A sort order by one column. A column that does not exist keeps the order in which rows were logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ColumnSort {
    /// The index of the column. The names of fields or rows, if there are any, are column 0.
    pub column: usize,
    /// Whether the largest values come first.
    pub descending: bool,
}

/// The rows that match a [`TableQuery`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MatchingRows {
    /// The indices of the rows, in the requested order.
    pub indices: Vec<usize>,
    /// The number of all rows of the table.
    pub total: usize,
}

impl TableQuery {
    /// Returns the rows of a table that match. Rows with equal cells keep their order.
    ///
    /// `shown` formats a number as the page shows it, so that a search finds a number as shown and as logged.
    #[must_use]
    pub fn select(&self, table: &Table, shown: impl Fn(&Cell) -> String) -> MatchingRows {
        match table {
            Table::Fields(fields) => self.select_fields(fields, shown),
            Table::Matrix { rows, data, .. } => {
                let cells = |row: usize| rows.get(row).into_iter().chain(&data[row]).map(CellValue::Json);
                self.select_rows(data.len(), cells, shown)
            }
        }
    }

    /// Returns the entries of a list of names and values that match, as [`TableQuery::select`] does for a table with these two
    /// columns.
    #[must_use]
    pub fn select_fields(&self, fields: &[(String, Cell)], shown: impl Fn(&Cell) -> String) -> MatchingRows {
        let cells = |row: usize| {
            let (name, value) = &fields[row];
            [CellValue::Text(name), CellValue::Json(value)].into_iter()
        };
        self.select_rows(fields.len(), cells, shown)
    }

    fn select_rows<'t, Cells: Iterator<Item = CellValue<'t>>>(
        &self,
        total: usize,
        cells: impl Fn(usize) -> Cells,
        shown: impl Fn(&Cell) -> String,
    ) -> MatchingRows {
        let search = to_lowercase(self.search.trim());
        let matches = |row: &usize| search.is_empty() || cells(*row).any(|cell| cell.contains(&search, &shown));
        let rows = (0..total).filter(matches);
        let Some(ColumnSort { column, descending }) = self.sort else {
            return MatchingRows { indices: rows.collect(), total };
        };
        let key = |row: usize| cells(row).nth(column).map_or(CellSortKey::Last, CellValue::sort_key);
        let mut keys: Vec<(CellSortKey, usize)> = rows.map(|row| (key(row), row)).collect();
        keys.sort_by(|(one, _), (other, _)| one.compare(other, descending));
        MatchingRows { indices: keys.into_iter().map(|(_, row)| row).collect(), total }
    }
}

/// A cell, or the name of a field.
#[derive(Clone, Copy)]
enum CellValue<'t> {
    Text(&'t str),
    Json(&'t Cell),
}

impl CellValue<'_> {
    /// Returns whether the text contains `search`, which is in lower case.
    fn contains(self, search: &str, shown: impl Fn(&Cell) -> String) -> bool {
        let contains = |text: &str| to_lowercase(text).contains(search);
        match self {
            Self::Text(text) => contains(text),
            Self::Json(cell) => match cell.0.as_str() {
                Some(text) => contains(text),
                // Formatting is slow, and numbers have digits.
                None if !search.contains(|c: char| c.is_ascii_digit()) => contains(&cell.text()),
                None => contains(&cell.text()) || (cell.number().is_some() && contains(&shown(cell))),
            },
        }
    }

    fn sort_key(self) -> CellSortKey {
        match self {
            Self::Text(text) => CellSortKey::from_text(text),
            Self::Json(cell) => match (cell.number(), cell.0.as_str()) {
                (Some(number), _) => CellSortKey::Number(number),
                (None, Some(text)) => CellSortKey::from_text(text),
                (None, None) => CellSortKey::from_text(&cell.text()),
            },
        }
    }
}

/// The sort key of a cell.
#[derive(Debug, Clone, PartialEq)]
pub enum CellSortKey {
    /// A number, or text that is one; not `NaN`.
    Number(f64),
    /// Any other text, in lower case.
    Text(String),
    /// `NaN` or nothing, which come last in both directions.
    Last,
}

impl CellSortKey {
    /// Returns the key of a text.
    #[must_use]
    pub fn from_text(text: &str) -> Self {
        let text = text.trim();
        match text.parse::<f64>() {
            Ok(number) if number.is_nan() => Self::Last,
            Ok(number) => Self::Number(number),
            Err(_) if text.is_empty() => Self::Last,
            Err(_) => Self::Text(to_lowercase(text)),
        }
    }

    /// Compares two cells for a sort in this direction. Numbers are less than text.
    #[must_use]
    pub fn compare(&self, other: &Self, descending: bool) -> Ordering {
        let order = match (self, other) {
            (Self::Last, Self::Last) => return Ordering::Equal,
            (Self::Last, _) => return Ordering::Greater,
            (_, Self::Last) => return Ordering::Less,
            (Self::Number(one), Self::Number(other)) => one.partial_cmp(other).unwrap_or(Ordering::Equal),
            (Self::Number(_), Self::Text(_)) => Ordering::Less,
            (Self::Text(_), Self::Number(_)) => Ordering::Greater,
            (Self::Text(one), Self::Text(other)) => one.cmp(other),
        };
        if descending { order.reverse() } else { order }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    /// Returns the indices of the rows that match. A sort order is the index of a column, negative if descending, counted
    /// from 1; 0 keeps the order.
    fn select(json: &Value, search: &str, sort: isize) -> Vec<usize> {
        let column = sort.unsigned_abs().checked_sub(1);
        let sort = column.map(|column| ColumnSort { column, descending: sort < 0 });
        let query = TableQuery { search: search.to_owned(), sort };
        let table = Table::from_json(json.clone());
        let found = query.select(&table, |cell| format!("≈{}", cell.text()));
        assert_eq!(found.total, TableQuery::default().select(&table, Cell::text).indices.len());
        found.indices
    }

    #[test]
    fn searches_all_cells_and_names_ignoring_case() {
        let matrix = json!({
            "columns": ["precision", "file"],
            "rows": ["Bus", "car", "Ümlaut"],
            "data": [[0.5, "a.png"], [12, "BUSY.png"], [true, [1, "x"]]],
        });
        let fields = json!({ "epochs": 50, "optimizer": { "name": "AdamW", "lr": 0.01 } });
        for (json, search, expected) in [
            (&matrix, "", vec![0, 1, 2]),
            (&matrix, "  ", vec![0, 1, 2]),
            (&matrix, "bus", vec![0, 1]),
            (&matrix, " BUS ", vec![0, 1]),
            (&matrix, "ümlaut", vec![2]),
            (&matrix, "TRUE", vec![2]),
            (&matrix, "0.5", vec![0]),
            (&matrix, "≈12", vec![1]),
            (&matrix, "[1,\"x\"]", vec![2]),
            // Names of columns, and text across two cells.
            (&matrix, "precision", vec![]),
            (&matrix, "12busy", vec![]),
            (&fields, "OPTIMIZER.", vec![1, 2]),
            (&fields, "adamw", vec![1]),
            (&json!([]), "a", vec![]),
        ] {
            assert_eq!(select(json, search, 0), expected, "{search:?}");
        }
    }

    #[test]
    fn sorts_by_a_column() {
        let mixed = json!([[10], ["b"], [null], [9.5], ["A"], ["1e-7"], [""], ["NaN"], [-1], ["b"], [true], ["-inf"]]);
        let pairs = json!([[1, "x"], [0, "y"], [1, "z"], [0]]);
        let named = json!({ "columns": ["n"], "rows": ["b", "a", "c"], "data": [[1], [3], [2]] });
        let fields = json!({ "b": 10, "a": 9 });
        for (json, sort, expected) in [
            (&mixed, 1, vec![11, 8, 5, 3, 0, 4, 1, 9, 10, 2, 6, 7]),
            (&mixed, -1, vec![10, 1, 9, 4, 0, 3, 5, 8, 11, 2, 6, 7]),
            // Equal cells keep the order of logging in both directions.
            (&pairs, 1, vec![1, 3, 0, 2]),
            (&pairs, -1, vec![0, 2, 1, 3]),
            (&pairs, 2, vec![0, 1, 2, 3]),
            (&pairs, -2, vec![2, 1, 0, 3]),
            (&pairs, 3, vec![0, 1, 2, 3]),
            // Column 0 has the names.
            (&named, 1, vec![1, 0, 2]),
            (&named, -2, vec![1, 2, 0]),
            (&fields, 1, vec![1, 0]),
            (&fields, 2, vec![1, 0]),
            (&fields, -2, vec![0, 1]),
            (&json!([{ "n": 2 }, {}, { "n": 1 }]), 1, vec![2, 0, 1]),
        ] {
            assert_eq!(select(json, "", sort), expected, "{json} by {sort}");
        }
    }

    #[test]
    fn sorts_only_the_rows_that_match() {
        let table = json!([["cat", 2], ["dog", 9], ["Cat", 10], ["cats", 1]]);
        assert_eq!(select(&table, "cat", -2), [2, 0, 3]);
    }

    #[test]
    fn a_labelmap_is_a_table_of_two_columns() {
        let fields: Vec<_> = [("10", "Bus"), ("9", "car"), ("2", "bus lane")]
            .map(|(index, name)| (index.to_owned(), Cell(name.into())))
            .to_vec();
        let query = TableQuery { search: "bus".to_owned(), sort: Some(ColumnSort { column: 0, descending: false }) };
        let found = query.select_fields(&fields, Cell::text);
        assert_eq!(found, MatchingRows { indices: vec![2, 0], total: 3 });
    }
}
