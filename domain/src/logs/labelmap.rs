//! Labelmaps: class names by index.

use serde_json::Value;

use super::{Cell, Kind, ShapeError};

/// Pairs of class index and class name, in the order in which the script sent them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Labelmap(pub Vec<(String, Cell)>);

impl Labelmap {
    /// Parses an object from index to name, an object from name to index, or a list of names.
    ///
    /// A name may be any single value: YAML readers turn the names `yes` and `no` into booleans.
    pub(super) fn parse(json: &Value) -> Result<Self, ShapeError> {
        let name = |index: &str, name: &Value| {
            if name.is_array() || name.is_object() {
                let why = format!("the name of class '{index}' is {}", ShapeError::excerpt(name));
                return Err(ShapeError::new(Kind::Labelmap, why));
            }
            Ok((index.to_owned(), Cell(name.clone())))
        };
        match json {
            Value::Array(names) => {
                let entries = names.iter().enumerate().map(|(index, value)| name(&index.to_string(), value));
                entries.collect::<Result<_, _>>().map(Self)
            }
            Value::Object(object) => {
                let is_index = |text: &str| text.parse::<i64>().is_ok();
                let by_name = object.iter().all(|(key, value)| !is_index(key) && value.is_i64());
                let entries = object.iter().map(|(key, value)| {
                    if by_name { Ok((value.to_string(), Cell(key.as_str().into()))) } else { name(key, value) }
                });
                entries.collect::<Result<_, _>>().map(Self)
            }
            other => Err(ShapeError::new(Kind::Labelmap, format!("{} is not an object", ShapeError::excerpt(other)))),
        }
    }
}
