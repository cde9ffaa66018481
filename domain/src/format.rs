//! Text for byte sizes, counts and durations, shared by the pages, the uploads panel and the command line.
//!
//! Values that a script logged are not formatted here: they keep their own precision.

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;
const MONTH: u64 = 30 * DAY;

/// Returns a size in binary units: `1 byte`, `512 bytes`, `1.5 KiB`, `256 KiB`, `4.0 GiB`.
///
/// Shows one decimal below 100 units and none from there on. Rounding carries into the next unit: 1,048,575 bytes is
/// `1.0 MiB`, never `1024 KiB`.
#[must_use]
pub fn bytes(size: u64) -> String {
    const UNITS: [&str; 6] = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
    if size < 1_024 {
        return count(size, "byte");
    }
    let size = u128::from(size);
    let mut unit = 0;
    loop {
        // 1,024 to the power of `unit + 1`, as a shift.
        let shift = 10 * (unit + 1);
        let rounded = |parts: u128| (size * parts + (1 << (shift - 1))) >> shift;
        let (tenths, whole) = (rounded(10), rounded(1));
        let name = UNITS[unit];
        if tenths < 1_000 {
            return format!("{}.{} {name}", tenths / 10, tenths % 10);
        }
        if whole < 1_024 {
            return format!("{whole} {name}");
        }
        unit += 1;
    }
}

/// Returns a count with its noun: `1 point`, `3,120 points`, `2 classes`. Counts that do not fit into `u64` become its
/// maximum.
#[must_use]
pub fn count(count: impl TryInto<u64>, noun: &str) -> String {
    let count = count.try_into().unwrap_or(u64::MAX);
    let ending = match count {
        1 => "",
        _ if noun.ends_with('s') => "es",
        _ => "s",
    };
    format!("{} {noun}{ending}", thousands(count))
}

/// Returns a whole number with commas between the thousands: `999`, `3,120`, `1,000,000`.
#[must_use]
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.char_indices() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Returns the share of `part` in `whole`, rounded down so that `100 %` means complete. An empty whole is complete, and a
/// part larger than the whole counts as the whole.
#[must_use]
pub fn percent(part: u64, whole: u64) -> String {
    let percent = if whole == 0 { 100 } else { u128::from(part.min(whole)) * 100 / u128::from(whole) };
    format!("{percent} %")
}

/// Returns a duration in the unit that fits: `42 s`, `3 min`, `2 h 41 min`, `3 days`. Minutes are rounded up below one hour.
#[must_use]
pub fn duration(seconds: u64) -> String {
    match seconds {
        0..MINUTE => format!("{seconds} s"),
        MINUTE..HOUR => format!("{} min", seconds.div_ceil(MINUTE)),
        HOUR..172_800 => format!("{} h {} min", seconds / HOUR, seconds % HOUR / MINUTE),
        _ => count(seconds / DAY, "day"),
    }
}

/// Returns a measured duration in its two largest units, rounded down: `42 s`, `2 min 5 s`, `2 h 41 min`, `3 d 4 h`. A second
/// unit of 0 is omitted: `25 min`.
#[must_use]
pub fn elapsed(seconds: u64) -> String {
    let (large, small) = match seconds {
        0..MINUTE => return format!("{seconds} s"),
        MINUTE..HOUR => ((MINUTE, "min"), (1, "s")),
        HOUR..DAY => ((HOUR, "h"), (MINUTE, "min")),
        _ => ((DAY, "d"), (HOUR, "h")),
    };
    let text = format!("{} {}", seconds / large.0, large.1);
    match seconds % large.0 / small.0 {
        0 => text,
        rest => format!("{text} {rest} {}", small.1),
    }
}

/// Returns how long ago an instant was, for instants within 30 days: `just now`, `5 min ago`, `3 h ago`, `2 d ago`.
///
/// A negative number of seconds lies in the future: `in 2 h`. Returns `None` beyond 30 days, where a date says more.
#[must_use]
pub fn relative_time(seconds_ago: i64) -> Option<String> {
    let amount = match seconds_ago.unsigned_abs() {
        0..45 => return Some("just now".to_owned()),
        distance @ 45..HOUR => format!("{} min", (distance / MINUTE).max(1)),
        distance @ HOUR..DAY => format!("{} h", distance / HOUR),
        distance @ DAY..MONTH => format!("{} d", distance / DAY),
        _ => return None,
    };
    Some(if seconds_ago < 0 { format!("in {amount}") } else { format!("{amount} ago") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_bytes_in_binary_units() {
        for (size, expected) in [
            (0, "0 bytes"),
            (1, "1 byte"),
            (1_023, "1,023 bytes"),
            (1_024, "1.0 KiB"),
            (1_536, "1.5 KiB"),
            (102_348, "99.9 KiB"), // 99.949 KiB
            (102_349, "100 KiB"),  // 99.95 KiB rounds to 100.0
            (262_144, "256 KiB"),
            (300_000, "293 KiB"),
            (1_048_063, "1023 KiB"), // 1,023.499 KiB
            (1_048_064, "1.0 MiB"),  // 1,023.5 KiB rounds to 1,024
            (1_048_575, "1.0 MiB"),
            (1_048_576, "1.0 MiB"),
            (12 << 20, "12.0 MiB"),
            ((1 << 30) - 1, "1.0 GiB"),
            (1_503_238_554, "1.4 GiB"),
            ((1 << 40) - 1, "1.0 TiB"),
            (3 << 50, "3.0 PiB"),
            (u64::MAX, "16.0 EiB"),
        ] {
            assert_eq!(bytes(size), expected, "{size}");
        }
    }

    #[test]
    fn formats_counts_with_thousands_separators_and_plurals() {
        assert_eq!(count(1_u64, "point"), "1 point");
        assert_eq!(count(3_120_u64, "point"), "3,120 points");
        assert_eq!(count(124_800_usize, "point"), "124,800 points");
        assert_eq!(count(0_u32, "class"), "0 classes");
        for (number, expected) in [(0, "0"), (999, "999"), (1_000, "1,000"), (1_000_000, "1,000,000")] {
            assert_eq!(thousands(number), expected);
        }
        assert_eq!(thousands(u64::MAX), "18,446,744,073,709,551,615");
    }

    #[test]
    fn percent_reaches_100_only_when_complete() {
        for ((part, whole), expected) in
            [((0, 3), "0 %"), ((999, 1_000), "99 %"), ((5, 5), "100 %"), ((9, 5), "100 %"), ((0, 0), "100 %")]
        {
            assert_eq!(percent(part, whole), expected, "{part} of {whole}");
        }
        assert_eq!(percent(u64::MAX - 1, u64::MAX), "99 %");
    }

    #[test]
    fn formats_durations_in_the_fitting_unit() {
        for (seconds, expected) in [
            (0, "0 s"),
            (59, "59 s"),
            (60, "1 min"),
            (61, "2 min"),
            (3_600, "1 h 0 min"),
            (7_260, "2 h 1 min"),
            (172_799, "47 h 59 min"),
            (172_800, "2 days"),
        ] {
            assert_eq!(duration(seconds), expected, "{seconds}");
        }
    }

    #[test]
    fn formats_elapsed_time_in_two_units() {
        for (seconds, expected) in [
            (0, "0 s"),
            (59, "59 s"),
            (60, "1 min"),
            (125, "2 min 5 s"),
            (3_599, "59 min 59 s"),
            (3_600, "1 h"),
            (9_719, "2 h 41 min"),
            (86_399, "23 h 59 min"),
            (86_400, "1 d"),
            (273_600, "3 d 4 h"),
        ] {
            assert_eq!(elapsed(seconds), expected, "{seconds}");
        }
    }

    #[test]
    fn formats_times_relative_to_now() {
        for (seconds, expected) in [
            (3, Some("just now")),
            (50, Some("1 min ago")),
            (3 * 3_600 + 59, Some("3 h ago")),
            (2 * 86_400, Some("2 d ago")),
            (-7_200, Some("in 2 h")),
            (30 * 86_400, None),
            (i64::MIN, None),
        ] {
            assert_eq!(relative_time(seconds).as_deref(), expected, "{seconds}");
        }
    }
}
