//! The points of a line, stored by column.

use serde::{Deserialize, Serialize};

use super::{Reading, Step};

/// Points of a line. The three columns have the same length, one entry per point.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Points {
    /// The step of each point. Steps may repeat and decrease.
    pub steps: Vec<Step>,
    /// The time of each point in microseconds since the Unix epoch: as sent by the script, otherwise the time of arrival.
    pub times: Vec<i64>,
    /// The logged values.
    pub values: Vec<Reading>,
}

impl Points {
    /// Returns an empty set with capacity for `capacity` points.
    #[must_use]
    pub fn with_capacity(capacity: usize) -> Self {
        Self {
            steps: Vec::with_capacity(capacity),
            times: Vec::with_capacity(capacity),
            values: Vec::with_capacity(capacity),
        }
    }

    /// Returns the number of points.
    #[must_use]
    pub fn len(&self) -> usize {
        self.steps.len()
    }

    /// Returns whether there are no points.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// Appends one point.
    pub fn push(&mut self, step: Step, time: i64, value: Reading) {
        self.steps.push(step);
        self.times.push(time);
        self.values.push(value);
    }

    /// Appends all points of `other`.
    pub fn append(&mut self, other: &Self) {
        self.steps.extend_from_slice(&other.steps);
        self.times.extend_from_slice(&other.times);
        self.values.extend_from_slice(&other.values);
    }

    /// Returns the points with these indices.
    ///
    /// # Panics
    /// Panics if the range ends past the last point.
    #[must_use]
    pub fn slice(&self, range: std::ops::Range<usize>) -> Self {
        Self {
            steps: self.steps[range.clone()].to_vec(),
            times: self.times[range.clone()].to_vec(),
            values: self.values[range].to_vec(),
        }
    }

    /// Sorts the points by step. Points with the same step keep their order.
    pub fn sort_by_step(&mut self) {
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
    fn sorting_is_stable() {
        let mut points = Points::default();
        for (arrival, step) in [3, 1, 3, 2, 1].into_iter().enumerate() {
            points.push(Step::from(step), i64::try_from(arrival).unwrap(), Reading::NAN);
        }
        points.sort_by_step();
        assert_eq!(points.steps, [1, 1, 2, 3, 3]);
        assert_eq!(points.times, [1, 4, 3, 0, 2]);
    }
}
