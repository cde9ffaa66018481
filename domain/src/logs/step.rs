//! Steps: the positions of points along a line.

use std::{cmp::Ordering, fmt};

use serde::{Deserialize, Serialize, Serializer};

/// The position of a point along a line: usually a whole number such as an epoch, but fractions are kept too.
///
/// Finite, at most 2⁵³ in magnitude, and never `-0`. Whole steps are therefore exact, and JSON has them without a decimal point.
#[derive(Clone, Copy, PartialEq, Default, Deserialize)]
#[serde(transparent)]
pub struct Step(f64);

impl Step {
    /// The largest step, 2⁵³: up to this, all whole numbers are exact in a 64-bit float.
    pub const MAX: Self = Self(9_007_199_254_740_992.0);

    /// Returns the step, or `None` if the number is not finite or beyond ±2⁵³.
    #[must_use]
    pub fn new(number: f64) -> Option<Self> {
        // Adding zero turns -0 into 0.
        (number.abs() <= Self::MAX.0).then_some(Self(number + 0.0))
    }

    /// Returns a whole step, or the nearest one within ±2⁵³.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "clamped to the whole numbers that are exact")]
    pub fn whole(number: i64) -> Self {
        Self((number as f64).clamp(-Self::MAX.0, Self::MAX.0))
    }

    /// Returns the step as a number.
    #[must_use]
    pub fn get(self) -> f64 {
        self.0
    }

    /// Returns whether the step is a whole number.
    #[must_use]
    pub fn is_whole(self) -> bool {
        self.0.fract() == 0.0
    }

    /// Returns the largest whole number that is not larger than the step.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, reason = "a whole number within ±2⁵³")]
    pub fn floor(self) -> i64 {
        self.0.floor() as i64
    }

    /// Returns the smallest whole number that is not smaller than the step.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, reason = "a whole number within ±2⁵³")]
    pub fn ceil(self) -> i64 {
        self.0.ceil() as i64
    }
}

impl Eq for Step {}

impl PartialOrd for Step {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Step {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.total_cmp(&other.0)
    }
}

impl From<i32> for Step {
    fn from(number: i32) -> Self {
        Self(number.into())
    }
}

impl PartialEq<i64> for Step {
    fn eq(&self, other: &i64) -> bool {
        self.is_whole() && self.floor() == *other
    }
}

impl fmt::Debug for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl Serialize for Step {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.is_whole() { serializer.serialize_i64(self.floor()) } else { serializer.serialize_f64(self.0) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_steps_are_exact_and_written_without_a_point() {
        for (number, json) in
            [(0.0, "0"), (-0.0, "0"), (9_007_199_254_740_991.0, "9007199254740991"), (-3.0, "-3"), (0.25, "0.25")]
        {
            let step = Step::new(number).unwrap();
            assert_eq!(serde_json::to_string(&step).unwrap(), json);
            assert_eq!(serde_json::from_str::<Step>(json).unwrap(), step);
        }
        for beyond in [f64::NAN, f64::INFINITY, 1e16, -1e300] {
            assert_eq!(Step::new(beyond), None, "{beyond}");
        }
        assert_eq!(Step::whole(i64::MAX), Step::MAX);
    }

    #[test]
    fn fractions_lie_between_floor_and_ceiling() {
        for (number, floor, ceil) in [(2.5, 2, 3), (-2.5, -3, -2), (4.0, 4, 4)] {
            let step = Step::new(number).unwrap();
            assert_eq!((step.floor(), step.ceil()), (floor, ceil));
        }
    }
}
