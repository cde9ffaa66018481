//! Numbers as people read them.

use domain::logs::Reading;

/// Five digits that matter: `0.12346`, `1.2e-7`, `124,800`; whole numbers whole.
pub(super) fn short(number: f64) -> String {
    if !number.is_finite() {
        return reading(Reading(number));
    }
    let size = number.abs();
    if number == number.trunc() && size < 1e15 {
        return grouped(&format!("{number:.0}"));
    }
    if !(1e-4..1e6).contains(&size) {
        return format!("{:e}", format!("{number:.4e}").parse::<f64>().unwrap_or(number));
    }
    // The digits before the point count too.
    let before = format!("{size:.0}").len();
    let decimals = if size < 1.0 { 5 + leading_zeros(size) } else { 5_usize.saturating_sub(before).max(1) };
    let text = format!("{number:.decimals$}");
    grouped(text.trim_end_matches('0').trim_end_matches('.'))
}

/// How many zeros follow the point.
fn leading_zeros(size: f64) -> usize {
    [0.1, 0.01, 0.001].iter().filter(|border| size < **border).count()
}

/// A reading: a short number, or `NaN`, `∞`, `−∞`.
pub(super) fn reading(reading: Reading) -> String {
    match reading.0 {
        number if number.is_nan() => "NaN".to_owned(),
        f64::INFINITY => "∞".to_owned(),
        f64::NEG_INFINITY => "−∞".to_owned(),
        number => short(number),
    }
}

/// Puts commas between the thousands.
fn grouped(text: &str) -> String {
    let (sign, text) = text.strip_prefix('-').map_or(("", text), |rest| ("−", rest));
    let (whole, rest) = text.split_at(text.find('.').unwrap_or(text.len()));
    let digits = whole.len();
    let comma = |index: usize| index > 0 && (digits - index).is_multiple_of(3) && digits > 4;
    let whole: String = whole
        .char_indices()
        .flat_map(|(index, digit)| comma(index).then_some(',').into_iter().chain([digit]))
        .collect();
    format!("{sign}{whole}{rest}")
}

#[cfg(test)]
mod tests {
    use super::short;

    #[test]
    fn numbers_are_short() {
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
            assert_eq!(short(number), text);
        }
    }
}
