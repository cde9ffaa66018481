//! Bar charts: one number per label.

use serde::Deserialize;
use serde_json::Value;

use super::{Cell, Kind, Reading, ShapeError, reading};
use crate::format;

/// A bar chart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bar {
    /// The labels, as many as `y` has heights.
    pub x: Vec<Cell>,
    /// The height of each bar.
    pub y: Vec<Reading>,
}

/// The common shape, parsed without a tree.
#[derive(Deserialize)]
struct BarColumns {
    x: Vec<Cell>,
    #[serde(deserialize_with = "reading::lenient_list")]
    y: Vec<Reading>,
}

impl Bar {
    /// Parses `{"x": [...], "y": [...]}`. Returns `None` for any other shape, which [`Bar::parse`] then handles.
    pub(super) fn parse_columns(json: &str) -> Option<Self> {
        // A list of two lists would be read as the two fields.
        if !json.trim_start().starts_with('{') {
            return None;
        }
        let BarColumns { x, y } = serde_json::from_str(json).ok()?;
        (x.len() == y.len() && x.iter().all(Cell::is_scalar)).then_some(Self { x, y })
    }

    /// Parses labels and numbers; a number or a list of numbers, labeled by index; or an object from label to number.
    pub(super) fn parse(json: &Value) -> Result<Self, ShapeError> {
        let height =
            |value: &Value| Reading::from_lenient_json(value).ok_or_else(|| ShapeError::not_a_number(Kind::Bar, value));
        let (x, y): (Vec<Value>, Vec<Reading>) = match json {
            Value::Array(heights) => {
                ((0..heights.len()).map(Value::from).collect(), heights.iter().map(height).collect::<Result<_, _>>()?)
            }
            Value::Object(object) => match (object.get("x"), object.get("y")) {
                (Some(Value::Array(x)), Some(Value::Array(y))) if x.len() != y.len() => {
                    let (labels, numbers) = (format::count(x.len(), "label"), format::count(y.len(), "number"));
                    let why = format!("'x' has {labels} and 'y' has {numbers}");
                    return Err(ShapeError::new(Kind::Bar, why));
                }
                (Some(Value::Array(x)), Some(Value::Array(y))) => {
                    (x.clone(), y.iter().map(height).collect::<Result<_, _>>()?)
                }
                (None, Some(y @ Value::Array(_))) => return Self::parse(y),
                _ => (
                    object.keys().cloned().map(Value::from).collect(),
                    object.values().map(height).collect::<Result<_, _>>()?,
                ),
            },
            number => (vec![Value::from(0)], vec![height(number)?]),
        };
        let x: Vec<Cell> = x.into_iter().map(Cell).collect();
        match x.iter().find(|label| !label.is_scalar()) {
            Some(label) => Err(ShapeError::new(Kind::Bar, format!("{} is not a label", ShapeError::excerpt(&label.0)))),
            None => Ok(Self { x, y }),
        }
    }
}
