//! Smoothing of lines.

/// Returns the exponential moving average of `values`, corrected for the bias toward its start.
///
/// `weight` is from 0 (the values themselves) to below 1 (almost flat). Non-finite values stay as they are and do not count.
/// Each sum is divided by the weights so far, as in the Adam optimizer (Kingma and Ba, 2015), so the first point is itself.
pub(super) fn exponential_moving_average(values: &[f64], weight: f64) -> Vec<f64> {
    let (mut sum, mut total_weight) = (0.0, 0.0);
    let average = |value: &f64| {
        if !value.is_finite() {
            return *value;
        }
        sum = sum * weight + value * (1.0 - weight);
        total_weight = total_weight * weight + (1.0 - weight);
        sum / total_weight
    };
    values.iter().map(average).collect()
}

#[cfg(test)]
mod tests {
    use super::exponential_moving_average;

    #[test]
    fn averages_without_bias_toward_the_start() {
        fn check(values: &[f64], weight: f64, expected: &[f64]) {
            let smoothed = exponential_moving_average(values, weight);
            let near = |(a, b): (&f64, &f64)| (a - b).abs() < 1e-12 || (a.is_nan() && b.is_nan()) || a == b;
            assert!(smoothed.len() == expected.len() && smoothed.iter().zip(expected).all(near), "{smoothed:?}");
        }
        check(&[], 0.5, &[]);
        check(&[3.0, 5.0, 1.0], 0.0, &[3.0, 5.0, 1.0]);
        check(&[7.0, 7.0, 7.0], 0.9, &[7.0, 7.0, 7.0]); // a constant stays constant from the first point
        check(&[0.0, 3.0], 0.5, &[0.0, 2.0]);
        check(&[1.0, f64::NAN, f64::INFINITY, 1.0], 0.9, &[1.0, f64::NAN, f64::INFINITY, 1.0]);
    }
}
