//! What a script sends to a line.

use serde_json::Value;

use super::{Kind, Reading, ShapeError};

/// Steps beyond this are refused: browsers count exactly up to here only (2⁵³).
const LARGEST_STEP: i64 = 1 << 53;

/// What a script sends to a line: numbers, with the steps they were measured at or without.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Samples {
    /// One step a number; none lets each have the step after the line's largest.
    pub steps: Option<Vec<i64>>,
    /// The numbers.
    pub values: Vec<Reading>,
    /// When each was measured, in microseconds since 1970 in UTC; none is the time of their arrival.
    pub times: Option<Vec<i64>>,
}

impl Samples {
    /// One number without a step.
    #[must_use]
    pub fn one(value: Reading) -> Self {
        Self { values: vec![value], ..Self::default() }
    }

    /// Samples whose columns fit together.
    ///
    /// # Errors
    /// [`ShapeError`] when they differ in length, or a step is beyond ±2⁵³.
    pub fn new(steps: Option<Vec<i64>>, values: Vec<Reading>, times: Option<Vec<i64>>) -> Result<Self, ShapeError> {
        for (what, column) in [("steps", &steps), ("times", &times)] {
            let length = column.as_ref().map_or(values.len(), Vec::len);
            if length != values.len() {
                let why = format!("'{what}' has {length} entries and 'values' has {}", values.len());
                return Err(ShapeError::new(Kind::Line, why));
            }
        }
        let too_far = steps.iter().flatten().find(|step| step.unsigned_abs() > LARGEST_STEP.unsigned_abs());
        match too_far {
            Some(step) => Err(ShapeError::new(Kind::Line, format!("the step {step} is beyond ±2^53"))),
            None => Ok(Self { steps, values, times }),
        }
    }

    /// Reads a number, a list of numbers, or an object with `steps` and `values`.
    pub(super) fn parse(json: &Value) -> Result<Self, ShapeError> {
        match json {
            Value::Array(values) => Self::new(None, readings(values)?, None),
            Value::Object(object) => {
                let list = |key: &str| match object.get(key) {
                    Some(Value::Array(list)) => Ok(list),
                    Some(_) => Err(ShapeError::new(Kind::Line, format!("'{key}' is not a list"))),
                    None => Err(ShapeError::new(Kind::Line, format!("the object has no '{key}'"))),
                };
                let values = readings(list("values")?)?;
                Self::new(Some(list("steps")?.iter().map(step).collect::<Result<_, _>>()?), values, None)
            }
            single => reading(single).map(Self::one),
        }
    }
}

fn readings(values: &[Value]) -> Result<Vec<Reading>, ShapeError> {
    values.iter().map(reading).collect()
}

fn reading(value: &Value) -> Result<Reading, ShapeError> {
    Reading::from_json(value).ok_or_else(|| ShapeError::not_a_number(Kind::Line, value))
}

/// A whole number, also when a script wrote it as `3.0`.
fn step(value: &Value) -> Result<i64, ShapeError> {
    let whole = value.as_i64().or_else(|| {
        let number = value.as_f64().filter(|number| number.fract() == 0.0 && number.abs() <= 9.1e15)?;
        #[expect(clippy::cast_possible_truncation, reason = "it is whole and small enough")]
        Some(number as i64)
    });
    whole.ok_or_else(|| ShapeError::new(Kind::Line, format!("the step {} is no whole number", ShapeError::cut(value))))
}
