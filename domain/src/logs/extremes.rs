//! The smallest and the largest value of a line.

use serde::{Deserialize, Serialize};

use super::{Reading, Step};

/// A finite value with its step.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Extreme {
    /// The value; finite.
    pub value: f64,
    /// The step at which the value was logged first.
    pub step: Step,
}

/// The smallest and the largest finite value of a line; `None` if it has no finite value, or if they aren't known yet.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Extremes {
    /// The smallest value.
    pub min: Option<Extreme>,
    /// The largest value.
    pub max: Option<Extreme>,
}

// `Extreme::value` is never `NaN`.
impl Eq for Extreme {}
impl Eq for Extremes {}

impl Extremes {
    /// Includes points. Values that are not finite are ignored.
    ///
    /// Of equal values, the one with the smallest step counts, so that the result does not depend on the order of inclusion.
    pub fn include(&mut self, steps: &[Step], values: &[Reading]) {
        for (step, Reading(value)) in steps.iter().zip(values) {
            if value.is_finite() {
                let extreme = Some(Extreme { value: *value, step: *step });
                self.merge(&Self { min: extreme, max: extreme });
            }
        }
    }

    /// Includes the extremes of other points of the line.
    pub fn merge(&mut self, other: &Self) {
        let earlier = |own: &Extreme, new: &Extreme| new.value == own.value && new.step < own.step;
        if let Some(new) = &other.min
            && self.min.as_ref().is_none_or(|own| new.value < own.value || earlier(own, new))
        {
            self.min = Some(*new);
        }
        if let Some(new) = &other.max
            && self.max.as_ref().is_none_or(|own| new.value > own.value || earlier(own, new))
        {
            self.max = Some(*new);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn extremes(points: &[(i32, f64)]) -> Extremes {
        let (steps, values): (Vec<_>, Vec<_>) =
            points.iter().map(|(step, value)| (Step::from(*step), Reading(*value))).unzip();
        let mut extremes = Extremes::default();
        extremes.include(&steps, &values);
        extremes
    }

    #[test]
    fn the_first_of_equal_values_counts() {
        let extreme = |step: i32, value| Some(Extreme { value, step: Step::from(step) });
        for (points, min, max) in [
            (vec![], None, None),
            (vec![(0, f64::NAN), (1, f64::INFINITY)], None, None),
            (vec![(0, 0.5)], extreme(0, 0.5), extreme(0, 0.5)),
            (vec![(3, 0.5), (1, 0.5), (2, f64::NAN), (4, 0.25), (5, 0.25)], extreme(4, 0.25), extreme(1, 0.5)),
        ] {
            assert_eq!(extremes(&points), Extremes { min, max }, "{points:?}");
            let mut reversed = points.clone();
            reversed.reverse();
            assert_eq!(extremes(&reversed), Extremes { min, max }, "{points:?} in reverse");
        }
    }
}
