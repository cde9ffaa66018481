//! Samples: the data that a script sends to a line.

use std::sync::Arc;

use super::{Kind, Reading, ShapeError, Step};

/// Entries for a line, with or without steps and times.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Samples {
    /// One step per entry. `None` gives each entry the step after the line's largest.
    pub steps: Option<Vec<Step>>,
    /// The numbers; `NaN` for entries that are not numbers.
    pub values: Vec<Reading>,
    /// One time per entry, in microseconds since the Unix epoch. `None` means the time of arrival.
    pub times: Option<Vec<i64>>,
    /// The entries that are not numbers: their index in `values`, ascending, and their JSON as sent.
    pub texts: Vec<(usize, Arc<str>)>,
}

impl Samples {
    /// Returns a single number without a step.
    #[must_use]
    pub fn single(value: Reading) -> Self {
        Self { values: vec![value], ..Self::default() }
    }

    /// Returns how many numbers the samples contain, as steps and as values.
    #[must_use]
    pub(super) fn number_count(&self) -> usize {
        self.values.len() + self.steps.as_ref().map_or(0, Vec::len)
    }

    /// Returns samples made of these columns.
    ///
    /// # Errors
    /// Returns [`ShapeError`] if the columns differ in length, or if a step is beyond ±2⁵³.
    pub fn new(steps: Option<Vec<f64>>, values: Vec<Reading>, times: Option<Vec<i64>>) -> Result<Self, ShapeError> {
        for (name, length) in [("steps", steps.as_ref().map(Vec::len)), ("times", times.as_ref().map(Vec::len))] {
            let length = length.unwrap_or(values.len());
            if length != values.len() {
                let why = format!("'{name}' has {length} entries and 'values' has {}", values.len());
                return Err(ShapeError::new(Kind::Line, why));
            }
        }
        let step = |number: f64| {
            Step::new(number).ok_or_else(|| ShapeError::new(Kind::Line, format!("the step {number} is beyond ±2^53")))
        };
        let steps = steps.map(|steps| steps.into_iter().map(step).collect::<Result<_, _>>()).transpose()?;
        Ok(Self { steps, values, times, texts: Vec::new() })
    }
}
