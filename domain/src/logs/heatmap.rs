//! Heatmaps: matrices with labels on both axes.

use serde::Deserialize;
use serde_json::Value;

use super::{Cell, Kind, Reading, ShapeError, reading};

/// A matrix with labels on both axes, such as a confusion matrix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heatmap {
    /// The labels of the columns, one per column.
    pub x: Vec<Cell>,
    /// The labels of the rows, one per row.
    pub y: Vec<Cell>,
    /// The rows, all of the same length.
    pub values: Vec<Vec<Reading>>,
    /// Whether the labels that were sent don't match the size of the matrix; the number of labels that were sent.
    pub mismatched_labels: Option<usize>,
}

/// The shapes with an object, parsed without a tree.
#[derive(Default, Deserialize)]
struct HeatmapColumns {
    #[serde(default)]
    categories: Vec<Cell>,
    #[serde(default)]
    x: Vec<Cell>,
    #[serde(default)]
    y: Vec<Cell>,
    #[serde(alias = "z", deserialize_with = "reading::lenient_matrix")]
    values: Vec<Vec<Reading>>,
}

/// A matrix without labels.
#[derive(Deserialize)]
struct BareMatrix(#[serde(deserialize_with = "reading::lenient_matrix")] Vec<Vec<Reading>>);

impl Heatmap {
    /// Parses a matrix of numbers. Returns `None` for any other shape, which [`Heatmap::parse`] then explains.
    pub(super) fn parse_columns(json: &str) -> Option<Self> {
        let columns = if json.trim_start().starts_with('[') {
            let BareMatrix(values) = serde_json::from_str(json).ok()?;
            HeatmapColumns { values, ..HeatmapColumns::default() }
        } else {
            serde_json::from_str(json).ok()?
        };
        Self::from_columns(columns).ok()
    }

    /// Parses `values` with `categories` for both axes, with `x` and `y` for one axis each, or without labels; or a bare matrix.
    pub(super) fn parse(json: &Value) -> Result<Self, ShapeError> {
        let values = match json {
            Value::Object(_) if json.get("z").is_some() => ShapeError::field(Kind::Heatmap, json, "z")?,
            Value::Object(_) => ShapeError::field(Kind::Heatmap, json, "values")?,
            bare => bare,
        };
        let number = |value: &Value| {
            Reading::from_lenient_json(value).ok_or_else(|| ShapeError::not_a_number(Kind::Heatmap, value))
        };
        let row = |(index, row): (usize, &Value)| match row {
            Value::Array(row) => row.iter().map(number).collect::<Result<Vec<_>, _>>(),
            _ => Err(ShapeError::new(Kind::Heatmap, format!("row {index} is not a list"))),
        };
        let Value::Array(rows) = values else {
            return Err(ShapeError::new(Kind::Heatmap, format!("{} is not a matrix", ShapeError::excerpt(values))));
        };
        let labels = |key: &str| match json.get(key) {
            Some(Value::Array(labels)) => labels.iter().cloned().map(Cell).collect(),
            _ => Vec::new(),
        };
        Self::from_columns(HeatmapColumns {
            categories: labels("categories"),
            x: labels("x"),
            y: labels("y"),
            values: rows.iter().enumerate().map(row).collect::<Result<_, _>>()?,
        })
    }

    fn from_columns(sent: HeatmapColumns) -> Result<Self, ShapeError> {
        let HeatmapColumns { categories, x, y, values } = sent;
        let (rows, columns) = (values.len(), values.first().map_or(0, Vec::len));
        if let Some((index, row)) = values.iter().enumerate().find(|(_, row)| row.len() != columns) {
            let why = format!("row {index} has {} values and row 0 has {columns}", row.len());
            return Err(ShapeError::new(Kind::Heatmap, why));
        }
        // The axis's own labels come first, then the categories, then the index.
        let mut mismatched_labels = None;
        let mut axis = |own: Vec<Cell>, size: usize| {
            for labels in [&own, &categories] {
                if labels.len() == size {
                    return labels.clone();
                }
                if !labels.is_empty() {
                    mismatched_labels.get_or_insert(labels.len());
                }
            }
            (0..size).map(|index| Cell(index.into())).collect()
        };
        let (x, y) = (axis(x, columns), axis(y, rows));
        Ok(Self { x, y, values, mismatched_labels })
    }

    /// Returns a sentence about labels that don't match the matrix: `3 categories label a 2 × 2 matrix`.
    #[must_use]
    pub fn label_warning(&self) -> Option<String> {
        let (rows, columns) = (self.y.len(), self.x.len());
        self.mismatched_labels.map(|labels| format!("{labels} categories label a {rows} × {columns} matrix"))
    }
}
