//! Images: a picture that was uploaded.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Kind, ShapeError};

/// A picture that the script uploaded before it logged it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Image {
    /// What the uploaded object is called.
    pub object_name: String,
    /// The file's name on the machine of the script.
    pub filename: String,
    /// The name to show.
    pub name: String,
    /// Whether it was uploaded in parts.
    pub large: bool,
}

impl Image {
    pub(super) fn parse(json: &Value) -> Result<Self, ShapeError> {
        let text = |key: &str| match ShapeError::field(Kind::Image, json, key)? {
            Value::String(text) if !text.is_empty() && text.len() <= 1_024 => Ok(text.clone()),
            _ => Err(ShapeError::new(Kind::Image, format!("'{key}' is not a text of 1 to 1024 bytes"))),
        };
        let (object_name, filename) = (text("object_name")?, text("filename")?);
        let name = json.get("name").and_then(Value::as_str).unwrap_or(&filename).to_owned();
        let large = json.get("large").and_then(Value::as_bool).unwrap_or(false);
        Ok(Self { object_name, filename, name, large })
    }
}
