//! Timestamps.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

/// A timestamp in microseconds since the Unix epoch, the resolution that both database engines store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Instant(pub i64);

impl Instant {
    /// Returns the instant `seconds` later. Saturates at the ends of the range.
    #[must_use]
    pub fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds.saturating_mul(1_000_000)))
    }

    /// Formats the instant for people: `2026-11-24 22:36 UTC`. Years outside -9999…9999 become the Unix epoch.
    #[must_use]
    pub fn readable(self) -> String {
        let (year, [month, day, hour, minute, _]) = self.calendar();
        format!("{}-{month:02}-{day:02} {hour:02}:{minute:02} UTC", four_digits(year))
    }

    /// Formats the instant as RFC 3339 in UTC: `2026-11-24T22:36:08.120394Z`. Trailing zeros of the fraction are omitted.
    #[must_use]
    pub fn rfc3339(self) -> String {
        let (year, [month, day, hour, minute, second]) = self.calendar();
        let fraction = match self.to_offset_date_time().microsecond() {
            0 => String::new(),
            micros => format!(".{micros:06}").trim_end_matches('0').to_owned(),
        };
        format!("{}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{fraction}Z", four_digits(year))
    }

    /// Returns the year and `[month, day, hour, minute, second]` in UTC.
    #[must_use]
    pub fn calendar(self) -> (i32, [u32; 5]) {
        let at = self.to_offset_date_time();
        let rest = [u8::from(at.month()), at.day(), at.hour(), at.minute(), at.second()];
        (at.year(), rest.map(u32::from))
    }

    fn to_offset_date_time(self) -> OffsetDateTime {
        let micros = u32::try_from(self.0.rem_euclid(1_000_000)).unwrap_or_default();
        OffsetDateTime::from_unix_timestamp(self.0.div_euclid(1_000_000))
            .and_then(|at| at.replace_microsecond(micros))
            .unwrap_or(OffsetDateTime::UNIX_EPOCH)
    }
}

fn four_digits(year: i32) -> String {
    format!("{}{:04}", if year < 0 { "-" } else { "" }, year.unsigned_abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_for_people_and_machines() {
        fn check(micros: i64, readable: &str, rfc3339: &str) {
            assert_eq!(Instant(micros).readable(), readable);
            assert_eq!(Instant(micros).rfc3339(), rfc3339);
        }
        check(0, "1970-01-01 00:00 UTC", "1970-01-01T00:00:00Z");
        check(-1, "1969-12-31 23:59 UTC", "1969-12-31T23:59:59.999999Z");
        check(1_709_164_800_000_001, "2024-02-29 00:00 UTC", "2024-02-29T00:00:00.000001Z");
        check(i64::MAX, "1970-01-01 00:00 UTC", "1970-01-01T00:00:00Z");
    }
}
