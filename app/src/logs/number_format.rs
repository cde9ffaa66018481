//! Numbers formatted for display.

use domain::logs::Reading;

/// Formats a number with five significant digits: `0.12346`, `1.2e-7`, `124,800`. Integers below 10¹⁵ are shown in full.
pub(super) fn format_short(number: f64) -> String {
    if !number.is_finite() {
        return format_reading(Reading(number));
    }
    let size = number.abs();
    if number == number.trunc() && size < 1e15 {
        return group_thousands(&format!("{number:.0}"));
    }
    if !(1e-4..1e6).contains(&size) {
        return format!("{:e}", format!("{number:.4e}").parse::<f64>().unwrap_or(number));
    }
    // The digits before the decimal point are significant too.
    let integer_digits = format!("{size:.0}").len();
    let decimals = if size < 1.0 { 5 + leading_zeros(size) } else { 5_usize.saturating_sub(integer_digits).max(1) };
    let text = format!("{number:.decimals$}");
    group_thousands(text.trim_end_matches('0').trim_end_matches('.'))
}

/// Returns the number of zeros after the decimal point.
fn leading_zeros(size: f64) -> usize {
    [0.1, 0.01, 0.001].iter().filter(|bound| size < **bound).count()
}

/// Formats a reading as a short number, or as `NaN`, `∞` or `−∞`.
pub(super) fn format_reading(reading: Reading) -> String {
    match reading.0 {
        number if number.is_nan() => "NaN".to_owned(),
        f64::INFINITY => "∞".to_owned(),
        f64::NEG_INFINITY => "−∞".to_owned(),
        number => format_short(number),
    }
}

/// Inserts thousands separators into numbers with more than four integer digits, and replaces the hyphen by a minus sign.
fn group_thousands(text: &str) -> String {
    let (sign, text) = text.strip_prefix('-').map_or(("", text), |rest| ("−", rest));
    let (integer, fraction) = text.split_at(text.find('.').unwrap_or(text.len()));
    let digits = integer.len();
    let comma_before = |index: usize| index > 0 && (digits - index).is_multiple_of(3) && digits > 4;
    let integer: String = integer
        .char_indices()
        .flat_map(|(index, digit)| comma_before(index).then_some(',').into_iter().chain([digit]))
        .collect();
    format!("{sign}{integer}{fraction}")
}

#[cfg(test)]
mod tests {
    use super::format_short;

    #[test]
    fn formats_five_significant_digits() {
        for (number, text) in [
            (0.0, "0"),
            (3.0, "3"),
            (-2.5, "−2.5"),
            (0.123_456_789, "0.12346"),
            (0.000_123_456_7, "0.00012346"),
            (123.456_789, "123.46"),
            (123_456.789, "123,456.8"),
            (124_800.0, "124,800"),
            (2048.0, "2048"),
            (1.234_567e-7, "1.2346e-7"),
            (f64::NAN, "NaN"),
            (f64::NEG_INFINITY, "−∞"),
        ] {
            assert_eq!(format_short(number), text);
        }
    }
}
