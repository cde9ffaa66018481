//! The values of a heatmap, unchanged or normalized.

use domain::logs::{Heatmap, Reading};

use super::{super::number_format::format_short, tables::truncation_note};

/// The normalization of the values of a heatmap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Normalization {
    /// Values are unchanged.
    None,
    /// Values are divided by the sum of their row.
    Row,
    /// Values are divided by the sum of their column.
    Column,
}

impl Normalization {
    /// Parses the value in a request. Unknown values mean `None`.
    pub(in super::super) fn from_query_value(value: &str) -> Self {
        match value {
            "row" => Self::Row,
            "column" => Self::Column,
            _ => Self::None,
        }
    }
}

/// Maximum number of categories in a figure.
pub(super) const MAX_CATEGORIES: usize = 200;

/// Returns the size, the range of values or the normalization, what is not shown, and a warning about labels that don't match.
pub(super) fn heatmap_note(heatmap: &Heatmap, normalization: Normalization) -> String {
    let (rows, columns) = (heatmap.y.len(), heatmap.x.len());
    let truncation = truncation_note(rows.max(columns), MAX_CATEGORIES, "");
    let warning = heatmap.label_warning().map(|warning| format!("; {warning}")).unwrap_or_default();
    let finite = || heatmap.values.iter().flatten().map(|reading| reading.0).filter(|number| number.is_finite());
    let (min, max) = (finite().fold(f64::INFINITY, f64::min), finite().fold(f64::NEG_INFINITY, f64::max));
    let values = match normalization {
        Normalization::None if min <= max => format!(", {} to {}", format_short(min), format_short(max)),
        Normalization::None => String::new(),
        Normalization::Row => ", normalized by row".to_owned(),
        Normalization::Column => ", normalized by column".to_owned(),
    };
    format!("{rows} × {columns}{values}{truncation}{warning}")
}

/// Returns the values of the first [`MAX_CATEGORIES`] categories, normalized; `None` where a value is not finite. If a row or
/// column sums to 0, its normalized values are 0.
pub(super) fn normalize(heatmap: &Heatmap, normalization: Normalization) -> Vec<Vec<Option<f64>>> {
    let sum = |readings: &mut dyn Iterator<Item = &Reading>| -> f64 {
        readings.map(|reading| reading.0).filter(|number| number.is_finite()).sum()
    };
    let row_sums: Vec<f64> = heatmap.values.iter().map(|row| sum(&mut row.iter())).collect();
    let column_sums: Vec<f64> =
        (0..heatmap.x.len()).map(|column| sum(&mut heatmap.values.iter().filter_map(|row| row.get(column)))).collect();
    let normalized = |row: usize, column: usize, number: f64| {
        let sum = match normalization {
            Normalization::None => return number,
            Normalization::Row => row_sums[row],
            Normalization::Column => column_sums[column],
        };
        if sum == 0.0 { 0.0 } else { number / sum }
    };
    let row = |(row, values): (usize, &Vec<Reading>)| {
        let values = values.iter().take(MAX_CATEGORIES).enumerate();
        values.map(|(column, value)| value.is_finite().then(|| normalized(row, column, value.0))).collect()
    };
    heatmap.values.iter().take(MAX_CATEGORIES).enumerate().map(row).collect()
}

#[cfg(test)]
mod tests {
    use domain::logs::Cell;
    use serde_json::json;

    use super::*;

    #[test]
    fn normalizes_by_row_or_column() {
        let values = vec![vec![Reading(9.0), Reading(1.0)], vec![Reading(0.0), Reading::NAN]];
        let labels = vec![Cell(json!("a")), Cell(json!("b"))];
        let heatmap = Heatmap { x: labels.clone(), y: labels, values, mismatched_labels: None };
        assert_eq!(normalize(&heatmap, Normalization::None), [[Some(9.0), Some(1.0)], [Some(0.0), None]]);
        assert_eq!(normalize(&heatmap, Normalization::Row), [[Some(0.9), Some(0.1)], [Some(0.0), None]]);
        assert_eq!(normalize(&heatmap, Normalization::Column), [[Some(1.0), Some(1.0)], [Some(0.0), None]]);
    }
}
