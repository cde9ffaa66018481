//! The data of a log, parsed by its kind.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Bar, Cell, Heatmap, Image, Kind, Labelmap, Samples, ShapeError, Table};

/// The longest text of a VALUE, in bytes.
const LONGEST_TEXT: usize = 20_000;

/// What a script logs: samples for a line, a whole document for every other kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Data {
    /// To be appended.
    Line(Samples),
    /// To replace what was there.
    Document(Document),
}

/// What a log of any kind but LINE holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Document {
    /// One number or text.
    Value(Cell),
    /// A number for each label.
    Bar(Bar),
    /// Fields or a matrix.
    Table(Table),
    /// A square matrix.
    Heatmap(Heatmap),
    /// A picture.
    Image(Image),
    /// The names of classes.
    Labelmap(Labelmap),
    /// Any list or object.
    Evaluation(Value),
}

impl Data {
    /// Reads what a script sends to a log of this kind.
    ///
    /// # Errors
    /// [`ShapeError`] when it does not have the kind's shape.
    pub fn parse(kind: Kind, json: &Value) -> Result<Self, ShapeError> {
        match kind {
            Kind::Line => Samples::parse(json).map(Self::Line),
            _ => Document::parse(kind, json).map(Self::Document),
        }
    }

    /// The kind of log it is for.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Self::Line(_) => Kind::Line,
            Self::Document(document) => document.kind(),
        }
    }
}

impl Document {
    /// Reads the document of a log that is no line; see [`Data::parse`].
    ///
    /// # Errors
    /// [`ShapeError`] when it does not have the kind's shape, and for lines.
    pub fn parse(kind: Kind, json: &Value) -> Result<Self, ShapeError> {
        Ok(match kind {
            Kind::Value => Self::Value(value(json)?),
            Kind::Bar => Self::Bar(Bar::parse(json)?),
            Kind::Table => Self::Table(Table::parse(json)?),
            Kind::Heatmap => Self::Heatmap(Heatmap::parse(json)?),
            Kind::Image => Self::Image(Image::parse(json)?),
            Kind::Labelmap => Self::Labelmap(Labelmap::parse(json)?),
            Kind::Evaluation if json.is_array() || json.is_object() => Self::Evaluation(json.clone()),
            Kind::Evaluation | Kind::Line => {
                return Err(ShapeError::new(kind, format!("{} is a single value", ShapeError::cut(json))));
            }
        })
    }

    /// The kind of log that holds it.
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

    /// As it was sent, with `null` where a number was not finite. Never `null` itself.
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

/// A VALUE. The SDK sends `null` for NaN and insists that an answer is not `null`, so it is kept as the text.
fn value(json: &Value) -> Result<Cell, ShapeError> {
    match json {
        Value::Null => Ok(Cell("NaN".into())),
        Value::Number(_) | Value::Bool(_) => Ok(Cell(json.clone())),
        Value::String(text) if text.len() <= LONGEST_TEXT => Ok(Cell(json.clone())),
        Value::String(text) => {
            let why = format!("the text has {} bytes, and at most {LONGEST_TEXT} fit", text.len());
            Err(ShapeError::new(Kind::Value, why))
        }
        other => Err(ShapeError::new(Kind::Value, format!("{} is no single value", ShapeError::cut(other)))),
    }
}

#[cfg(test)]
mod tests;
