//! Sizes and counts as people read them.

/// `512 bytes`, `256 KiB`, `1.4 GiB`; the nearest tenth below ten thousand.
pub(crate) fn bytes(count: u64) -> String {
    const UNITS: [&str; 6] = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
    if count < 1_024 {
        return format!("{count} {}", if count == 1 { "byte" } else { "bytes" });
    }
    // In 1024ths of a unit.
    let mut fine = count;
    let mut unit = 0;
    while fine >= 1_024 * 1_024 && unit + 1 < UNITS.len() {
        fine /= 1_024;
        unit += 1;
    }
    let tenths = (fine * 10 + 512) / 1_024;
    match (tenths / 10, tenths % 10) {
        (whole, 0) => format!("{whole} {}", UNITS[unit]),
        (whole, _) if whole >= 100 => format!("{} {}", (tenths + 5) / 10, UNITS[unit]),
        (whole, tenth) => format!("{whole}.{tenth} {}", UNITS[unit]),
    }
}

/// `1 file`, `12 files`.
pub(crate) fn count(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::bytes;

    #[test]
    fn sizes_are_short() {
        for (count, expected) in [
            (0, "0 bytes"),
            (1, "1 byte"),
            (1_023, "1023 bytes"),
            (1_024, "1 KiB"),
            (1_536, "1.5 KiB"),
            (262_144, "256 KiB"),
            (300_000, "293 KiB"),
            (1 << 20, "1 MiB"),
            (1_503_238_554, "1.4 GiB"),
            (3 << 30, "3 GiB"),
            (u64::MAX, "16 EiB"),
        ] {
            assert_eq!(bytes(count), expected, "{count}");
        }
    }
}
