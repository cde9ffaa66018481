//! Fast formatting of consecutive timestamps.

use std::fmt::Write as _;

use domain::Instant;

/// Formats instants as RFC 3339 with microseconds. Reuses the text up to the second of the previous instant, because
/// consecutive points are close in time.
#[derive(Default)]
pub struct Times {
    second: Option<i64>,
    text: String,
}

/// Length of `2026-11-24T22:36:08`.
const SECONDS_LEN: usize = 19;

impl Times {
    /// Returns the text for an instant in microseconds since the Unix epoch.
    pub fn text(&mut self, micros: i64) -> &str {
        let second = micros.div_euclid(1_000_000);
        if self.second != Some(second) {
            self.text = Instant(second.saturating_mul(1_000_000)).rfc3339();
            self.second = Some(second);
        }
        // Years beyond four digits are not representable and already became the Unix epoch.
        self.text.truncate(SECONDS_LEN);
        let _ = write!(self.text, ".{:06}Z", micros.rem_euclid(1_000_000));
        &self.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_consecutive_instants() {
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
