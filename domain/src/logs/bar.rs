//! Bar charts: one number per label.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::{Cell, Kind, Reading, ShapeError};

/// Maximum number of bars.
const MAX_BARS: usize = 100_000;

/// A bar chart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bar {
    /// The labels, as many as `y` has heights.
    pub x: Vec<Cell>,
    /// The height of each bar.
    pub y: Vec<Reading>,
    /// All other fields of the data, such as `image_list`. Stored to return them as they were sent.
    pub rest: Map<String, Value>,
}

impl Bar {
    pub(super) fn parse(json: &Value) -> Result<Self, ShapeError> {
        let x = ShapeError::list(Kind::Bar, json, "x", MAX_BARS)?;
        let y = ShapeError::list(Kind::Bar, json, "y", MAX_BARS)?;
        if x.len() != y.len() {
            return Err(ShapeError::new(
                Kind::Bar,
                format!("'x' has {} labels and 'y' has {} numbers", x.len(), y.len()),
            ));
        }
        if let Some(label) = x.iter().find(|label| label.is_array() || label.is_object()) {
            return Err(ShapeError::new(Kind::Bar, format!("{} is not a label", ShapeError::excerpt(label))));
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
