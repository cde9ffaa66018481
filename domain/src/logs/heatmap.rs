//! Heatmaps: square matrices over categories.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Cell, Kind, Reading, ShapeError};

/// Maximum number of categories.
const MAX_CATEGORIES: usize = 2_000;

/// A square matrix over categories, such as a confusion matrix.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heatmap {
    /// The labels of both axes.
    pub categories: Vec<Cell>,
    /// One row per category, with one number per category.
    pub values: Vec<Vec<Reading>>,
}

impl Heatmap {
    pub(super) fn parse(json: &Value) -> Result<Self, ShapeError> {
        let categories = ShapeError::list(Kind::Heatmap, json, "categories", MAX_CATEGORIES)?;
        let rows = ShapeError::list(Kind::Heatmap, json, "values", MAX_CATEGORIES)?;
        let size = categories.len();
        if rows.len() != size {
            let why = format!("there are {size} categories and {} rows of values", rows.len());
            return Err(ShapeError::new(Kind::Heatmap, why));
        }
        let number =
            |value: &Value| Reading::from_json(value).ok_or_else(|| ShapeError::not_a_number(Kind::Heatmap, value));
        let row = |(index, row): (usize, &Value)| match row.as_array() {
            Some(row) if row.len() == size => row.iter().map(number).collect(),
            Some(row) => {
                let why = format!("row {index} has {} values for {size} categories", row.len());
                Err(ShapeError::new(Kind::Heatmap, why))
            }
            None => Err(ShapeError::new(Kind::Heatmap, format!("row {index} is not a list"))),
        };
        Ok(Self {
            categories: categories.iter().cloned().map(Cell).collect(),
            values: rows.iter().enumerate().map(row).collect::<Result<_, _>>()?,
        })
    }

    pub(super) fn to_json(&self) -> Value {
        let row = |row: &Vec<Reading>| row.iter().map(|value| value.to_sdk()).collect::<Vec<_>>();
        json!({ "categories": self.categories, "values": self.values.iter().map(row).collect::<Vec<_>>() })
    }
}
