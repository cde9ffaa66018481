//! Samples: the data that a script sends to a line.

use serde_json::Value;

use super::{Kind, Reading, ShapeError};

/// Largest step. Browsers represent integers exactly up to this (2⁵³).
const LARGEST_STEP: i64 = 1 << 53;

/// Numbers for a line, with or without steps and times.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Samples {
    /// One step per number. `None` gives each number the step after the line's largest.
    pub steps: Option<Vec<i64>>,
    /// The numbers.
    pub values: Vec<Reading>,
    /// One time per number, in microseconds since the Unix epoch. `None` means the time of arrival.
    pub times: Option<Vec<i64>>,
}

impl Samples {
    /// Returns a single number without a step.
    #[must_use]
    pub fn single(value: Reading) -> Self {
        Self { values: vec![value], ..Self::default() }
    }

    /// Returns samples made of these columns.
    ///
    /// # Errors
    /// Returns [`ShapeError`] if the columns differ in length, or if a step is beyond ±2⁵³.
    pub fn new(steps: Option<Vec<i64>>, values: Vec<Reading>, times: Option<Vec<i64>>) -> Result<Self, ShapeError> {
        for (name, column) in [("steps", &steps), ("times", &times)] {
            let length = column.as_ref().map_or(values.len(), Vec::len);
            if length != values.len() {
                let why = format!("'{name}' has {length} entries and 'values' has {}", values.len());
                return Err(ShapeError::new(Kind::Line, why));
            }
        }
        let too_far = steps.iter().flatten().find(|step| step.unsigned_abs() > LARGEST_STEP.unsigned_abs());
        match too_far {
            Some(step) => Err(ShapeError::new(Kind::Line, format!("the step {step} is beyond ±2^53"))),
            None => Ok(Self { steps, values, times }),
        }
    }

    /// Parses a number, a list of numbers, or an object with `steps` and `values`.
    pub(super) fn parse(json: &Value) -> Result<Self, ShapeError> {
        match json {
            Value::Array(values) => Self::new(None, parse_readings(values)?, None),
            Value::Object(object) => {
                let list = |key: &str| match object.get(key) {
                    Some(Value::Array(list)) => Ok(list),
                    Some(_) => Err(ShapeError::new(Kind::Line, format!("'{key}' is not a list"))),
                    None => Err(ShapeError::new(Kind::Line, format!("the object has no '{key}'"))),
                };
                let values = parse_readings(list("values")?)?;
                Self::new(Some(list("steps")?.iter().map(parse_step).collect::<Result<_, _>>()?), values, None)
            }
            single => parse_reading(single).map(Self::single),
        }
    }
}

fn parse_readings(values: &[Value]) -> Result<Vec<Reading>, ShapeError> {
    values.iter().map(parse_reading).collect()
}

fn parse_reading(value: &Value) -> Result<Reading, ShapeError> {
    Reading::from_json(value).ok_or_else(|| ShapeError::not_a_number(Kind::Line, value))
}

/// Parses a whole number, including one written as `3.0`.
fn parse_step(value: &Value) -> Result<i64, ShapeError> {
    let whole = value.as_i64().or_else(|| {
        let number = value.as_f64().filter(|number| number.fract() == 0.0 && number.abs() <= 9.1e15)?;
        #[expect(clippy::cast_possible_truncation, reason = "it is whole and small enough")]
        Some(number as i64)
    });
    whole.ok_or_else(|| {
        ShapeError::new(Kind::Line, format!("the step {} is not a whole number", ShapeError::excerpt(value)))
    })
}
