//! A measured number with its unit, and how two of them compare.

use std::fmt;

/// The unit of a measurement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Requests per second.
    RequestsPerSecond,
    /// Points per second.
    PointsPerSecond,
    /// Megabytes (10⁶ bytes) per second.
    MegabytesPerSecond,
    /// Milliseconds.
    Milliseconds,
    /// Seconds.
    Seconds,
    /// Megabytes (10⁶ bytes) of memory.
    Megabytes,
    /// Bytes on disk per point.
    BytesPerPoint,
    /// A number of things.
    Count,
}

/// A number with its unit, and optional details of the same measurement.
#[derive(Debug, Clone)]
pub struct Measurement {
    value: f64,
    unit: Unit,
    details: String,
}

impl Measurement {
    /// Returns a measurement without details.
    pub fn new(value: f64, unit: Unit) -> Self {
        Self { value, unit, details: String::new() }
    }

    /// Returns the throughput of a transfer.
    pub fn throughput(bytes: usize, seconds: f64) -> Self {
        Self::new(bytes as f64 / seconds / 1e6, Unit::MegabytesPerSecond)
    }

    /// Returns an amount of memory.
    pub fn memory(bytes: u64) -> Self {
        Self::new(bytes as f64 / 1e6, Unit::Megabytes)
    }

    /// Returns the median of several values, with their range as details. `None` if there are no values.
    pub fn median(values: &[f64], unit: Unit) -> Option<Self> {
        let mut values = values.to_vec();
        values.sort_by(f64::total_cmp);
        let median = Self::new(*values.get(values.len() / 2)?, unit);
        Some(match values[..] {
            [min, .., max] => {
                median.with_details(format!("{} to {}", unit.format_number(min), unit.format_number(max)))
            }
            _ => median,
        })
    }

    /// Adds details, which are shown in parentheses.
    pub fn with_details(self, details: impl Into<String>) -> Self {
        Self { details: details.into(), ..self }
    }

    /// The number.
    pub fn value(&self) -> f64 {
        self.value
    }

    /// Formats the ratio to a limit: a percentage for rates, a factor for times and sizes.
    pub fn format_ratio(&self, limit: &Self) -> String {
        let ratio = self.value / limit.value;
        if self.unit.is_rate() { format!("{:.0} %", 100.0 * ratio) } else { format!("{ratio:.2} ×") }
    }
}

impl Unit {
    fn is_rate(self) -> bool {
        matches!(self, Self::RequestsPerSecond | Self::PointsPerSecond | Self::MegabytesPerSecond)
    }

    fn format_number(self, value: f64) -> String {
        match self {
            Self::RequestsPerSecond
            | Self::PointsPerSecond
            | Self::MegabytesPerSecond
            | Self::Megabytes
            | Self::Count => format_thousands(value),
            Self::Seconds if value >= 1.0 => format!("{value:.2}"),
            Self::Milliseconds | Self::BytesPerPoint => format!("{value:.2}"),
            Self::Seconds => format!("{value:.3}"),
        }
    }

    fn suffix(self) -> &'static str {
        match self {
            Self::RequestsPerSecond => "/s",
            Self::PointsPerSecond => " points/s",
            Self::MegabytesPerSecond => " MB/s",
            Self::Milliseconds => " ms",
            Self::Seconds => " s",
            Self::Megabytes => " MB",
            Self::BytesPerPoint => " bytes/point",
            Self::Count => "",
        }
    }
}

impl fmt::Display for Measurement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.unit.format_number(self.value), self.unit.suffix())?;
        if self.details.is_empty() { Ok(()) } else { write!(f, " ({})", self.details) }
    }
}

/// Rounds to a whole number and inserts thousands separators.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "rates are positive and fit in 64 bits")]
fn format_thousands(number: f64) -> String {
    let digits = (number.round() as u64).to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_ratios_of_rates_as_percentages_and_others_as_factors() {
        let check = |value, limit, unit, expected: &str| {
            assert_eq!(Measurement::new(value, unit).format_ratio(&Measurement::new(limit, unit)), expected);
        };
        check(450.0, 1_000.0, Unit::MegabytesPerSecond, "45 %");
        check(9_000.0, 4_500.0, Unit::RequestsPerSecond, "200 %");
        check(3.0, 2.0, Unit::Milliseconds, "1.50 ×");
        check(3.4, 3.4, Unit::BytesPerPoint, "1.00 ×");
    }

    #[test]
    fn formats_the_median_with_its_range() {
        let check = |values: &[f64], expected: Option<&str>| {
            let median = Measurement::median(values, Unit::MegabytesPerSecond);
            assert_eq!(median.map(|median| median.to_string()).as_deref(), expected);
        };
        check(&[], None);
        check(&[1_234_567.0], Some("1,234,567 MB/s"));
        check(&[3.0, 1_000.0, 2.0], Some("3 MB/s (2 to 1,000)"));
    }
}
