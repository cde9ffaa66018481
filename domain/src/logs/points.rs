//! The points of a line, by columns.

use serde::{Deserialize, Serialize};

use super::Reading;

/// Points of a line. The three columns have one entry a point.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Points {
    /// At which step each was measured; steps may repeat and go back.
    pub steps: Vec<i64>,
    /// When each arrived or was said to be measured, in microseconds since 1970 in UTC.
    pub times: Vec<i64>,
    /// What was measured.
    pub values: Vec<Reading>,
}

impl Points {
    /// Without points, with room for `capacity`.
    #[must_use]
    pub fn with_capacity(capacity: usize) -> Self {
        Self {
            steps: Vec::with_capacity(capacity),
            times: Vec::with_capacity(capacity),
            values: Vec::with_capacity(capacity),
        }
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.steps.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// Adds one point.
    pub fn push(&mut self, step: i64, time: i64, value: Reading) {
        self.steps.push(step);
        self.times.push(time);
        self.values.push(value);
    }

    /// Adds all of `other` behind these.
    pub fn append(&mut self, other: &Self) {
        self.steps.extend_from_slice(&other.steps);
        self.times.extend_from_slice(&other.times);
        self.values.extend_from_slice(&other.values);
    }

    /// The points with these indices.
    ///
    /// # Panics
    /// When the range reaches past the end.
    #[must_use]
    pub fn slice(&self, range: std::ops::Range<usize>) -> Self {
        Self {
            steps: self.steps[range.clone()].to_vec(),
            times: self.times[range.clone()].to_vec(),
            values: self.values[range].to_vec(),
        }
    }

    /// Puts the points in the order of their steps; those of one step stay in the order of their arrival.
    pub fn sort(&mut self) {
        if self.steps.is_sorted() {
            return;
        }
        let mut order: Vec<usize> = (0..self.len()).collect();
        order.sort_by_key(|index| self.steps[*index]);
        self.steps = order.iter().map(|index| self.steps[*index]).collect();
        self.times = order.iter().map(|index| self.times[*index]).collect();
        self.values = order.iter().map(|index| self.values[*index]).collect();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorting_keeps_the_arrival_of_equal_steps() {
        let mut points = Points::default();
        for (arrival, step) in [3, 1, 3, 2, 1].into_iter().enumerate() {
            points.push(step, i64::try_from(arrival).unwrap(), Reading::NAN);
        }
        points.sort();
        assert_eq!(points.steps, [1, 1, 2, 3, 3]);
        assert_eq!(points.times, [1, 4, 3, 0, 2]);
    }
}
