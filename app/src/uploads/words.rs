//! Sizes, speeds and times as people read them.

/// "512 bytes", "1.5 KiB", "12.3 MiB", "4.0 GiB".
pub(super) fn bytes(count: u64) -> String {
    const UNITS: [&str; 4] = ["KiB", "MiB", "GiB", "TiB"];
    if count < 1024 {
        return if count == 1 { "1 byte".to_owned() } else { format!("{count} bytes") };
    }
    // In tenths, rounded, so that 1023.96 KiB are 1.0 MiB.
    let (mut tenths, mut unit) = ((u128::from(count) * 10 + 512) / 1024, 0);
    while tenths >= 10_240 && unit + 1 < UNITS.len() {
        tenths = (tenths + 512) / 1024;
        unit += 1;
    }
    format!("{}.{} {}", tenths / 10, tenths % 10, UNITS[unit])
}

/// "43 %"; 100 only when all is there.
pub(super) fn percent(part: u64, whole: u64) -> String {
    let percent = if whole == 0 { 100 } else { u128::from(part.min(whole)) * 100 / u128::from(whole) };
    format!("{percent} %")
}

/// "1 file", "12 files".
pub(super) fn files(count: usize) -> String {
    if count == 1 { "1 file".to_owned() } else { format!("{count} files") }
}

/// How far it is, how fast, and how long it will take: "12.0 of 100.0 MiB · 8.0 MiB/s · 11 s left".
pub(super) fn progress(sent: u64, size: u64, speed: u64) -> String {
    let (part, whole) = (bytes(sent), bytes(size));
    let part = match (part.rsplit_once(' '), whole.rsplit_once(' ')) {
        (Some((number, unit)), Some((_, same))) if unit == same => number.to_owned(),
        _ => part,
    };
    let mut text = format!("{part} of {whole}");
    if speed > 0 {
        text += &format!(" · {}/s · {}", bytes(speed), left(size.saturating_sub(sent) / speed));
    }
    text
}

/// How long it will still take.
pub(super) fn left(seconds: u64) -> String {
    match seconds {
        0..5 => "a few seconds left".to_owned(),
        5..60 => format!("{seconds} s left"),
        60..3_600 => format!("{} min left", seconds.div_ceil(60)),
        3_600..172_800 => format!("{} h {} min left", seconds / 3_600, seconds % 3_600 / 60),
        _ => format!("{} days left", seconds / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes() {
        for (count, text) in [
            (0, "0 bytes"),
            (1, "1 byte"),
            (1023, "1023 bytes"),
            (1024, "1.0 KiB"),
            (1536, "1.5 KiB"),
            ((1 << 20) - 1, "1.0 MiB"),
            (12 << 20, "12.0 MiB"),
            (1 << 30, "1.0 GiB"),
            (1 << 42, "4.0 TiB"),
        ] {
            assert_eq!(bytes(count), text);
        }
    }

    #[test]
    fn how_far() {
        const MIB: u64 = 1 << 20;
        assert_eq!(progress(12 * MIB, 100 * MIB, 8 * MIB), "12.0 of 100.0 MiB · 8.0 MiB/s · 11 s left");
        assert_eq!(progress(0, 1 << 30, 0), "0 bytes of 1.0 GiB");
        assert_eq!((percent(999, 1000), percent(0, 0)), ("99 %".to_owned(), "100 %".to_owned()));
        assert_eq!((left(61), left(7_260)), ("2 min left".to_owned(), "2 h 1 min left".to_owned()));
    }
}
