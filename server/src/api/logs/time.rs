//! Times of points as text, many in a row.

use std::fmt::Write as _;

use domain::Instant;

/// Writes instants in RFC 3339 with microseconds, and remembers the second of the last one: points of a line come close
/// to each other.
#[derive(Default)]
pub struct Times {
    second: Option<i64>,
    text: String,
}

/// `2026-11-24T22:36:08`, in years of four digits.
const UP_TO_SECONDS: usize = 19;

impl Times {
    /// The instant so many microseconds after 1970-01-01 00:00 UTC.
    pub fn text(&mut self, micros: i64) -> &str {
        let second = micros.div_euclid(1_000_000);
        if self.second != Some(second) {
            self.text = Instant(second.saturating_mul(1_000_000)).rfc3339();
            self.second = Some(second);
        }
        // Years beyond four digits have no text of that form, and none of their own either.
        self.text.truncate(UP_TO_SECONDS);
        let _ = write!(self.text, ".{:06}Z", micros.rem_euclid(1_000_000));
        &self.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_in_a_row() {
        let mut times = Times::default();
        for (micros, text) in [
            (0, "1970-01-01T00:00:00.000000Z"),
            (1, "1970-01-01T00:00:00.000001Z"),
            (-1, "1969-12-31T23:59:59.999999Z"),
            (1_709_164_800_120_000, "2024-02-29T00:00:00.120000Z"),
            (1_709_164_801_000_000, "2024-02-29T00:00:01.000000Z"),
        ] {
            assert_eq!(times.text(micros), text);
        }
    }
}
