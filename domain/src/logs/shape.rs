//! Why data does not fit its kind.

use serde_json::Value;

use super::Kind;

/// The data has not the shape that its kind takes; the sentence says what is wrong and shows the right shape.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{why}; {} {kind} takes {}", kind.article(), kind.shape())]
pub struct ShapeError {
    kind: Kind,
    why: String,
}

impl ShapeError {
    pub(super) fn new(kind: Kind, why: impl Into<String>) -> Self {
        Self { kind, why: why.into() }
    }

    pub(super) fn not_a_number(kind: Kind, value: &Value) -> Self {
        Self::new(kind, format!("{} is not a number", Self::cut(value)))
    }

    /// The object's entry, or that it is missing.
    pub(super) fn field<'v>(kind: Kind, json: &'v Value, key: &str) -> Result<&'v Value, Self> {
        match json {
            Value::Object(object) => object.get(key).ok_or_else(|| Self::new(kind, format!("the data has no '{key}'"))),
            other => Err(Self::new(kind, format!("{} is not an object", Self::cut(other)))),
        }
    }

    /// The object's entry, which is a list of at most `limit` entries.
    pub(super) fn list<'v>(kind: Kind, json: &'v Value, key: &str, limit: usize) -> Result<&'v [Value], Self> {
        match Self::field(kind, json, key)? {
            Value::Array(list) if list.len() <= limit => Ok(list),
            Value::Array(list) => {
                Err(Self::new(kind, format!("'{key}' has {} entries, and at most {limit} fit", list.len())))
            }
            _ => Err(Self::new(kind, format!("'{key}' is not a list"))),
        }
    }

    /// The beginning of a value, to be quoted.
    pub(super) fn cut(value: &Value) -> String {
        const LONGEST: usize = 40;
        let text = match value {
            Value::Object(_) => "an object".to_owned(),
            Value::Array(_) => "a list".to_owned(),
            other => other.to_string(),
        };
        match text.char_indices().nth(LONGEST) {
            Some((end, _)) => format!("{}…", &text[..end]),
            None => text,
        }
    }
}
