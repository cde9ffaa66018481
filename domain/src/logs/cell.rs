//! One value in a table.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A value in a table or a label on an axis, as the script sent it: whole numbers stay whole, lists stay lists.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Cell(pub Value);

impl Cell {
    /// How it is shown: texts without quotes, nothing for `null`, other values as JSON.
    #[must_use]
    pub fn text(&self) -> String {
        match &self.0 {
            Value::String(text) => text.clone(),
            Value::Null => String::new(),
            other => other.to_string(),
        }
    }

    /// The number that it is, to sort by.
    #[must_use]
    pub fn number(&self) -> Option<f64> {
        self.0.as_f64()
    }
}
