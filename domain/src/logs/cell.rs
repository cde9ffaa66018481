//! Values of table cells and axis labels.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A table cell or axis label, kept as the JSON value that the script sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Cell(pub Value);

impl Cell {
    /// Returns whether the value is neither a list nor an object.
    #[must_use]
    pub fn is_scalar(&self) -> bool {
        !self.0.is_array() && !self.0.is_object()
    }

    /// Returns the text to show: strings without quotes, an empty text for `null`, other values as JSON.
    #[must_use]
    pub fn text(&self) -> String {
        match &self.0 {
            Value::String(text) => text.clone(),
            Value::Null => String::new(),
            other => other.to_string(),
        }
    }

    /// Returns the value as a number for sorting, or `None` if it is not a number.
    #[must_use]
    pub fn number(&self) -> Option<f64> {
        self.0.as_f64()
    }
}
