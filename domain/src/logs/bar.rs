//! Bars: a number for each of several labels.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::{Cell, Kind, Reading, ShapeError};

const MOST: usize = 100_000;

/// A bar chart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bar {
    /// The labels.
    pub x: Vec<Cell>,
    /// The height of each.
    pub y: Vec<Reading>,
    /// What else the script sent along, such as `image_list`; kept for whoever reads it back.
    pub rest: Map<String, Value>,
}

impl Bar {
    pub(super) fn parse(json: &Value) -> Result<Self, ShapeError> {
        let x = ShapeError::list(Kind::Bar, json, "x", MOST)?;
        let y = ShapeError::list(Kind::Bar, json, "y", MOST)?;
        if x.len() != y.len() {
            return Err(ShapeError::new(
                Kind::Bar,
                format!("'x' has {} labels and 'y' has {} numbers", x.len(), y.len()),
            ));
        }
        if let Some(label) = x.iter().find(|label| label.is_array() || label.is_object()) {
            return Err(ShapeError::new(Kind::Bar, format!("{} is no label", ShapeError::cut(label))));
        }
        let height =
            |value: &Value| Reading::from_json(value).ok_or_else(|| ShapeError::not_a_number(Kind::Bar, value));
        let mut rest = json.as_object().cloned().unwrap_or_default();
        rest.retain(|key, _| key != "x" && key != "y");
        Ok(Self { x: x.iter().cloned().map(Cell).collect(), y: y.iter().map(height).collect::<Result<_, _>>()?, rest })
    }

    pub(super) fn to_json(&self) -> Value {
        let mut json = json!({ "x": self.x, "y": self.y.iter().map(|y| y.to_sdk()).collect::<Vec<_>>() });
        if let Value::Object(object) = &mut json {
            object.extend(self.rest.clone());
        }
        json
    }
}
