//! Errors for data of the wrong shape.

use serde_json::Value;

use super::Kind;

/// The data does not have the shape of its log type. The message says what is wrong and shows the right shape.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{why}; {} {kind} is {}", kind.article(), kind.shape())]
pub struct ShapeError {
    kind: Kind,
    why: String,
}

impl ShapeError {
    pub(super) fn new(kind: Kind, why: impl Into<String>) -> Self {
        Self { kind, why: why.into() }
    }

    pub(super) fn not_a_number(kind: Kind, value: &Value) -> Self {
        Self::new(kind, format!("{} is not a number", Self::excerpt(value)))
    }

    /// Returns the entry of an object, or an error if it is missing.
    pub(super) fn field<'v>(kind: Kind, json: &'v Value, key: &str) -> Result<&'v Value, Self> {
        match json {
            Value::Object(object) => object.get(key).ok_or_else(|| Self::new(kind, format!("the data has no '{key}'"))),
            other => Err(Self::new(kind, format!("{} is not an object", Self::excerpt(other)))),
        }
    }

    /// Returns the beginning of a value, to quote it in a message.
    pub(super) fn excerpt(value: &Value) -> String {
        const MAX_CHARS: usize = 40;
        let text = match value {
            Value::Object(_) => "an object".to_owned(),
            Value::Array(_) => "a list".to_owned(),
            other => other.to_string(),
        };
        match text.char_indices().nth(MAX_CHARS) {
            Some((end, _)) => format!("{}…", &text[..end]),
            None => text,
        }
    }
}
