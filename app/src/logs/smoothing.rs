//! Smoothing: an exponential moving average without a bias towards its beginning.

/// Smooths `values`; `weight` from 0 (as they are) to below 1 (flat). What is not finite stays and counts for nothing.
///
/// The average divides by the weight that it has seen, so the first point is itself and not half of it.
pub(super) fn smoothed(values: &[f64], weight: f64) -> Vec<f64> {
    let (mut sum, mut seen) = (0.0, 0.0);
    let step = |value: &f64| {
        if !value.is_finite() {
            return *value;
        }
        sum = sum * weight + value * (1.0 - weight);
        seen = seen * weight + (1.0 - weight);
        sum / seen
    };
    values.iter().map(step).collect()
}

#[cfg(test)]
mod tests {
    use super::smoothed;

    #[test]
    fn smooths_without_bias() {
        fn check(values: &[f64], weight: f64, expected: &[f64]) {
            let smoothed = smoothed(values, weight);
            let near = |(a, b): (&f64, &f64)| (a - b).abs() < 1e-12 || (a.is_nan() && b.is_nan()) || a == b;
            assert!(smoothed.len() == expected.len() && smoothed.iter().zip(expected).all(near), "{smoothed:?}");
        }
        check(&[], 0.5, &[]);
        check(&[3.0, 5.0, 1.0], 0.0, &[3.0, 5.0, 1.0]);
        check(&[7.0, 7.0, 7.0], 0.9, &[7.0, 7.0, 7.0]); // a constant stays, from the first point on
        check(&[0.0, 3.0], 0.5, &[0.0, 2.0]);
        check(&[1.0, f64::NAN, f64::INFINITY, 1.0], 0.9, &[1.0, f64::NAN, f64::INFINITY, 1.0]);
    }
}
