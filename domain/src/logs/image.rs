//! Images, uploaded before they are logged.

use serde_json::Value;

use super::{Kind, ShapeError};

/// A reference to an image that the script uploaded before logging it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    /// The name of the uploaded object.
    pub object_name: String,
    /// The file name on the script's machine.
    pub filename: String,
    /// The name to show; the file name if the script sent none.
    pub name: String,
    /// Whether the image was uploaded in parts.
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
