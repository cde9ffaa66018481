//! The numbers of a heatmap, as they are or as shares.

use domain::logs::{Heatmap, Reading};

use super::super::numbers as in_words;

/// What a heatmap's numbers are shown as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Share {
    /// As they are.
    None,
    /// As parts of their row's sum.
    Row,
    /// As parts of their column's sum.
    Column,
}

impl Share {
    /// By its word; unknown ones mean the numbers as they are.
    pub(in super::super) fn from_word(word: &str) -> Self {
        match word {
            "row" => Self::Row,
            "column" => Self::Column,
            _ => Self::None,
        }
    }
}

/// The most categories that are drawn.
pub(super) const MOST: usize = 200;

/// How large it is, and how much of it is shown.
pub(super) fn note(heatmap: &Heatmap, share: Share) -> String {
    let size = heatmap.categories.len();
    let part = if size > MOST { format!("; the first {MOST} are shown") } else { String::new() };
    let finite = || heatmap.values.iter().flatten().map(|reading| reading.0).filter(|number| number.is_finite());
    let (least, most) = (finite().fold(f64::INFINITY, f64::min), finite().fold(f64::NEG_INFINITY, f64::max));
    let what = match share {
        Share::None if least <= most => format!(", {} to {}", in_words::short(least), in_words::short(most)),
        Share::None => String::new(),
        Share::Row => ", shares of rows".to_owned(),
        Share::Column => ", shares of columns".to_owned(),
    };
    format!("{size} × {size}{what}{part}")
}

/// The numbers that are drawn; none where there is no number. Shares of nothing are 0.
pub(super) fn numbers(heatmap: &Heatmap, share: Share) -> Vec<Vec<Option<f64>>> {
    let sum = |readings: &mut dyn Iterator<Item = &Reading>| -> f64 {
        readings.map(|reading| reading.0).filter(|number| number.is_finite()).sum()
    };
    let rows: Vec<f64> = heatmap.values.iter().map(|row| sum(&mut row.iter())).collect();
    let columns: Vec<f64> = (0..heatmap.categories.len())
        .map(|column| sum(&mut heatmap.values.iter().filter_map(|row| row.get(column))))
        .collect();
    let shown = |row: usize, column: usize, number: f64| {
        let whole = match share {
            Share::None => return number,
            Share::Row => rows[row],
            Share::Column => columns[column],
        };
        if whole == 0.0 { 0.0 } else { number / whole }
    };
    let row = |(row, values): (usize, &Vec<Reading>)| {
        let values = values.iter().take(MOST).enumerate();
        values.map(|(column, value)| value.is_finite().then(|| shown(row, column, value.0))).collect()
    };
    heatmap.values.iter().take(MOST).enumerate().map(row).collect()
}

#[cfg(test)]
mod tests {
    use domain::logs::Cell;
    use serde_json::json;

    use super::*;

    #[test]
    fn shares_are_of_rows_or_columns() {
        let values = vec![vec![Reading(9.0), Reading(1.0)], vec![Reading(0.0), Reading::NAN]];
        let heatmap = Heatmap { categories: vec![Cell(json!("a")), Cell(json!("b"))], values };
        assert_eq!(numbers(&heatmap, Share::None), [[Some(9.0), Some(1.0)], [Some(0.0), None]]);
        assert_eq!(numbers(&heatmap, Share::Row), [[Some(0.9), Some(0.1)], [Some(0.0), None]]);
        assert_eq!(numbers(&heatmap, Share::Column), [[Some(1.0), Some(1.0)], [Some(0.0), None]]);
    }
}
