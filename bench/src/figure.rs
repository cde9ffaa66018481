//! A number with its unit, and how two of them compare.

use std::fmt;

/// What a number counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Requests a second.
    Requests,
    /// Points a second.
    Points,
    /// Megabytes (10⁶) a second.
    Speed,
    /// Milliseconds.
    Milliseconds,
    /// Seconds.
    Seconds,
    /// Megabytes (10⁶) of memory.
    Memory,
    /// Bytes on the disk for each point.
    Room,
}

/// A number, and what else is worth knowing of the same measurement.
#[derive(Debug, Clone)]
pub struct Figure {
    value: f64,
    unit: Unit,
    beside: String,
}

impl Figure {
    /// A bare number.
    pub fn new(value: f64, unit: Unit) -> Self {
        Self { value, unit, beside: String::new() }
    }

    /// How fast so many bytes went.
    pub fn speed(bytes: usize, seconds: f64) -> Self {
        Self::new(bytes as f64 / seconds / 1e6, Unit::Speed)
    }

    /// The median of several, with the range around it; none of none.
    pub fn median(values: &[f64], unit: Unit) -> Option<Self> {
        let mut values = values.to_vec();
        values.sort_by(f64::total_cmp);
        let middle = Self::new(*values.get(values.len() / 2)?, unit);
        Some(match values[..] {
            [least, .., most] => middle.beside(format!("{} to {}", unit.number(least), unit.number(most))),
            _ => middle,
        })
    }

    /// The same with words behind it.
    pub fn beside(self, words: impl Into<String>) -> Self {
        Self { beside: words.into(), ..self }
    }

    /// The number.
    pub fn value(&self) -> f64 {
        self.value
    }

    /// How it stands to a limit: which share of a rate is reached; how many times as much time or room is taken.
    pub fn of(&self, limit: &Self) -> String {
        let ratio = self.value / limit.value;
        if self.unit.more_is_better() { format!("{:.0} %", 100.0 * ratio) } else { format!("{ratio:.2} ×") }
    }
}

impl Unit {
    fn more_is_better(self) -> bool {
        matches!(self, Self::Requests | Self::Points | Self::Speed)
    }

    fn number(self, value: f64) -> String {
        match self {
            Self::Requests | Self::Points | Self::Speed | Self::Memory => thousands(value),
            Self::Seconds if value >= 1.0 => format!("{value:.2}"),
            Self::Milliseconds | Self::Room => format!("{value:.2}"),
            Self::Seconds => format!("{value:.3}"),
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Requests => "/s",
            Self::Points => " points/s",
            Self::Speed => " MB/s",
            Self::Milliseconds => " ms",
            Self::Seconds => " s",
            Self::Memory => " MB",
            Self::Room => " bytes a point",
        }
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.unit.number(self.value), self.unit.words())?;
        if self.beside.is_empty() { Ok(()) } else { write!(f, " ({})", self.beside) }
    }
}

/// A number that is read at a glance.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "rates are small and positive")]
pub fn thousands(number: f64) -> String {
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
    fn a_rate_is_a_share_of_its_limit_and_a_time_a_multiple() {
        let check = |ours, limit, unit, expected: &str| {
            assert_eq!(Figure::new(ours, unit).of(&Figure::new(limit, unit)), expected);
        };
        check(450.0, 1_000.0, Unit::Speed, "45 %");
        check(9_000.0, 4_500.0, Unit::Requests, "200 %");
        check(3.0, 2.0, Unit::Milliseconds, "1.50 ×");
        check(3.4, 3.4, Unit::Room, "1.00 ×");
    }

    #[test]
    fn a_median_tells_its_range() {
        let check = |values: &[f64], expected: Option<&str>| {
            assert_eq!(Figure::median(values, Unit::Speed).map(|figure| figure.to_string()).as_deref(), expected);
        };
        check(&[], None);
        check(&[1_234_567.0], Some("1,234,567 MB/s"));
        check(&[3.0, 1_000.0, 2.0], Some("3 MB/s (2 to 1,000)"));
    }
}
