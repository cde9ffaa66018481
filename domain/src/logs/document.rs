//! Documents: the data of logs other than lines, kept exactly as scripts send it.

use std::sync::Arc;

use serde_json::{Value, value::RawValue};

use super::{Bar, Cell, Heatmap, Image, Kind, Labelmap, ShapeError, Table};

/// The data of a log of any type but LINE: any JSON value, exactly as the script sent it.
///
/// Nothing is rejected and nothing is converted, so that reading back returns what was logged. [`Document::content`] parses the
/// data for display.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    kind: Kind,
    json: Arc<str>,
}

/// The data of a document in the form in which its type is drawn.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// A single number or text.
    Value(Cell),
    /// One number per label.
    Bar(Bar),
    /// Fields or a matrix.
    Table(Table),
    /// A matrix with labels on both axes.
    Heatmap(Heatmap),
    /// A reference to an uploaded image.
    Image(Image),
    /// Class names by index.
    Labelmap(Labelmap),
    /// Data in a shape that the type doesn't draw, to be shown as data with the reason.
    Other(Value, ShapeError),
    /// More than [`Document::MAX_VALUES`] values, which are not parsed.
    TooLarge,
}

impl Document {
    /// Maximum number of values, and of keys, that are parsed into a tree. It takes up to 100 MB.
    pub const MAX_VALUES: usize = 500_000;

    /// Returns a document with the data that a script sent.
    ///
    /// `null` is how the SDK sends `NaN`, and the SDK rejects responses whose data is `null`. It is therefore stored as `"NaN"`
    /// for a VALUE, and as `[null]` for all other types.
    #[must_use]
    pub fn new(kind: Kind, sent: &RawValue) -> Self {
        let json = match (sent.get(), kind) {
            ("null", Kind::Value) => "\"NaN\"",
            ("null", _) => "[null]",
            (json, _) => json,
        };
        Self { kind, json: json.into() }
    }

    /// Returns a document from its type and the stored [`json`](Self::json).
    #[must_use]
    pub fn from_stored(kind: Kind, json: String) -> Self {
        Self { kind, json: json.into() }
    }

    /// Returns the type of log that the document belongs to.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Returns the data as JSON text, as it was sent. Never `null`.
    #[must_use]
    pub fn json(&self) -> &str {
        &self.json
    }

    /// Returns the same text as [`Document::json`], shared without a copy.
    #[must_use]
    pub fn shared_json(&self) -> Arc<str> {
        Arc::clone(&self.json)
    }

    /// Returns whether the data has too many values to be parsed into a tree.
    #[must_use]
    pub fn is_too_large(&self) -> bool {
        self.json.len() > Self::MAX_VALUES && count_values(&self.json) > Self::MAX_VALUES
    }

    /// Parses the data for display. Data that its type doesn't draw is [`Content::Other`].
    #[must_use]
    pub fn content(&self) -> Content {
        // A matrix of a million numbers is parsed into columns. As a tree, it would need ten times the memory.
        let drawn = match self.kind {
            Kind::Heatmap => Heatmap::parse_columns(&self.json).map(Content::Heatmap),
            Kind::Bar => Bar::parse_columns(&self.json).map(Content::Bar),
            _ => None,
        };
        drawn.unwrap_or_else(|| self.parse_tree())
    }

    /// Parses the data as a tree of JSON values.
    pub(crate) fn parse_tree(&self) -> Content {
        if self.is_too_large() {
            return Content::TooLarge;
        }
        // Fails if the data is nested deeper than the parser allows, and for numbers and text that Rust can't represent.
        let json = match serde_json::from_str::<Value>(&self.json) {
            Ok(json) => json,
            Err(error) => {
                return Content::Other(
                    Value::String(self.json.to_string()),
                    ShapeError::new(self.kind, error.to_string()),
                );
            }
        };
        let content = match self.kind {
            Kind::Value => parse_value(&json).map(Content::Value),
            Kind::Bar => Bar::parse(&json).map(Content::Bar),
            Kind::Heatmap => Heatmap::parse(&json).map(Content::Heatmap),
            Kind::Image => Image::parse(&json).map(Content::Image),
            Kind::Labelmap => Labelmap::parse(&json).map(Content::Labelmap),
            Kind::Table | Kind::Evaluation => return Content::Table(Table::from_json(json)),
            Kind::Line => Err(ShapeError::new(Kind::Line, "the points of a line are not a document")),
        };
        content.unwrap_or_else(|why| Content::Other(json, why))
    }
}

/// Returns the number of values and keys in JSON, without parsing it.
fn count_values(json: &str) -> usize {
    let (mut separators, mut in_string, mut escaped) = (0, false, false);
    for byte in json.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = in_string,
            b'"' => in_string = !in_string,
            b',' | b':' | b'[' | b'{' if !in_string => separators += 1,
            _ => {}
        }
    }
    separators + 1
}

fn parse_value(json: &Value) -> Result<Cell, ShapeError> {
    match json {
        Value::Array(_) | Value::Object(_) => {
            Err(ShapeError::new(Kind::Value, format!("{} is not a single value", ShapeError::excerpt(json))))
        }
        scalar => Ok(Cell(scalar.clone())),
    }
}

#[cfg(test)]
mod tests;
