//! Merges two sorted runs of points.

use domain::logs::Points;

/// The result of a merge.
#[derive(Debug)]
pub(crate) struct MergedPoints {
    /// The points in the order of (step, arrival).
    pub(crate) points: Points,
    /// Number of points taken from the older run.
    pub(crate) old: usize,
    /// Number of points taken from the newer run.
    pub(crate) new: usize,
}

/// Merges the first points, at most `max_len`, of two runs in the order of (step, arrival). All points of `old` arrived before
/// those of `new`.
pub(crate) fn merge_points(old: &Points, new: &Points, max_len: usize) -> MergedPoints {
    let count = max_len.min(old.len() + new.len());
    let mut merged = MergedPoints { points: Points::with_capacity(count), old: 0, new: 0 };
    for _ in 0..count {
        let newer_first = match (old.steps.get(merged.old), new.steps.get(merged.new)) {
            (Some(old), Some(new)) => new < old,
            (old, _) => old.is_none(),
        };
        let (run, index) = if newer_first { (new, &mut merged.new) } else { (old, &mut merged.old) };
        merged.points.push(run.steps[*index], run.times[*index], run.values[*index]);
        *index += 1;
    }
    merged
}

#[cfg(test)]
mod tests {
    use domain::logs::{Reading, Step};

    use super::*;

    #[test]
    fn older_points_precede_newer_ones_with_the_same_step() {
        let run = |steps: &[i32], time| {
            let mut points = Points::default();
            steps.iter().for_each(|step| points.push(Step::from(*step), time, Reading(0.0)));
            points
        };
        let (old, new) = (run(&[1, 3, 3, 5], 1), run(&[0, 3, 4, 9], 2));
        let all = merge_points(&old, &new, usize::MAX);
        assert_eq!(all.points.steps, [0, 1, 3, 3, 3, 4, 5, 9]);
        assert_eq!(all.points.times, [2, 1, 1, 1, 2, 2, 1, 2]);
        let some = merge_points(&old, &new, 5);
        assert_eq!((some.points.len(), some.old, some.new), (5, 3, 2));
    }
}
