//! Labelmaps: class names by index.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{Cell, Kind, ShapeError};

/// Maximum number of classes.
const MAX_CLASSES: usize = 100_000;

/// Pairs of class index and class name, in the order in which the script sent them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Labelmap(pub Vec<(String, Cell)>);

impl Labelmap {
    pub(super) fn parse(json: &Value) -> Result<Self, ShapeError> {
        let Value::Object(object) = json else {
            return Err(ShapeError::new(Kind::Labelmap, format!("{} is not an object", ShapeError::excerpt(json))));
        };
        if object.len() > MAX_CLASSES {
            let why = format!("the labelmap has {} classes, but the maximum is {MAX_CLASSES}", object.len());
            return Err(ShapeError::new(Kind::Labelmap, why));
        }
        let entry = |(index, name): (&String, &Value)| match name {
            Value::String(_) | Value::Number(_) => Ok((index.clone(), Cell(name.clone()))),
            other => {
                let why = format!("the name of class '{index}' is {}, not a text", ShapeError::excerpt(other));
                Err(ShapeError::new(Kind::Labelmap, why))
            }
        };
        object.iter().map(entry).collect::<Result<_, _>>().map(Self)
    }

    pub(super) fn to_json(&self) -> Value {
        let entries = self.0.iter().map(|(index, name)| (index.clone(), name.0.clone()));
        Value::Object(entries.collect::<Map<_, _>>())
    }
}
