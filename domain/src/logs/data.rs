//! The data of a log, parsed according to its type.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Bar, Cell, Heatmap, Image, Kind, Labelmap, Samples, ShapeError, Table};

/// Maximum size of the text of a VALUE, in bytes.
const MAX_TEXT_BYTES: usize = 20_000;

/// The data that a script logs: samples for a line, or a whole document for any other type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Data {
    /// Samples to append.
    Line(Samples),
    /// A document that replaces the previous one.
    Document(Document),
}

/// The content of a log of any type but LINE.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Document {
    /// A single number or text.
    Value(Cell),
    /// One number per label.
    Bar(Bar),
    /// Fields or a matrix.
    Table(Table),
    /// A square matrix.
    Heatmap(Heatmap),
    /// A reference to an uploaded image.
    Image(Image),
    /// Class names by index.
    Labelmap(Labelmap),
    /// Any list or object.
    Evaluation(Value),
}

impl Data {
    /// Parses the data of a log of type `kind`.
    ///
    /// # Errors
    /// Returns [`ShapeError`] if the data does not have the shape of the type.
    pub fn parse(kind: Kind, json: &Value) -> Result<Self, ShapeError> {
        match kind {
            Kind::Line => Samples::parse(json).map(Self::Line),
            _ => Document::parse(kind, json).map(Self::Document),
        }
    }

    /// Returns the type of log that the data belongs to.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Self::Line(_) => Kind::Line,
            Self::Document(document) => document.kind(),
        }
    }
}

impl Document {
    /// Parses the document of a log that is not a line; see [`Data::parse`].
    ///
    /// # Errors
    /// Returns [`ShapeError`] if the data does not have the shape of the type, or if `kind` is [`Kind::Line`].
    pub fn parse(kind: Kind, json: &Value) -> Result<Self, ShapeError> {
        Ok(match kind {
            Kind::Value => Self::Value(parse_value(json)?),
            Kind::Bar => Self::Bar(Bar::parse(json)?),
            Kind::Table => Self::Table(Table::parse(json)?),
            Kind::Heatmap => Self::Heatmap(Heatmap::parse(json)?),
            Kind::Image => Self::Image(Image::parse(json)?),
            Kind::Labelmap => Self::Labelmap(Labelmap::parse(json)?),
            Kind::Evaluation if json.is_array() || json.is_object() => Self::Evaluation(json.clone()),
            Kind::Evaluation | Kind::Line => {
                return Err(ShapeError::new(kind, format!("{} is a single value", ShapeError::excerpt(json))));
            }
        })
    }

    /// Returns the type of log that the document belongs to.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Self::Value(_) => Kind::Value,
            Self::Bar(_) => Kind::Bar,
            Self::Table(_) => Kind::Table,
            Self::Heatmap(_) => Kind::Heatmap,
            Self::Image(_) => Kind::Image,
            Self::Labelmap(_) => Kind::Labelmap,
            Self::Evaluation(_) => Kind::Evaluation,
        }
    }

    /// Returns the document as it was sent, with `null` for numbers that are not finite. Never returns `null` itself.
    #[must_use]
    pub fn to_json(&self) -> Value {
        match self {
            Self::Value(Cell(value)) | Self::Evaluation(value) => value.clone(),
            Self::Bar(bar) => bar.to_json(),
            Self::Table(table) => table.to_json(),
            Self::Heatmap(heatmap) => heatmap.to_json(),
            Self::Image(Image { object_name, filename, name, large }) => {
                json!({ "object_name": object_name, "filename": filename, "name": name, "large": large })
            }
            Self::Labelmap(labelmap) => labelmap.to_json(),
        }
    }
}

/// Parses a VALUE. The SDK sends `null` for `NaN` but rejects responses that are `null`, so `NaN` is stored as text.
fn parse_value(json: &Value) -> Result<Cell, ShapeError> {
    match json {
        Value::Null => Ok(Cell("NaN".into())),
        Value::Number(_) | Value::Bool(_) => Ok(Cell(json.clone())),
        Value::String(text) if text.len() <= MAX_TEXT_BYTES => Ok(Cell(json.clone())),
        Value::String(text) => {
            let why = format!("the text has {} bytes, but the maximum is {MAX_TEXT_BYTES}", text.len());
            Err(ShapeError::new(Kind::Value, why))
        }
        other => Err(ShapeError::new(Kind::Value, format!("{} is not a single value", ShapeError::excerpt(other)))),
    }
}

#[cfg(test)]
mod tests;
