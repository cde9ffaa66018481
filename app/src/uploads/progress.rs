//! Texts for the progress of an upload.

use domain::format;

/// Returns how much was sent, the speed in bytes per second and the time left: `12.0 of 100 MiB · 8.0 MiB/s · 11 s left`.
///
/// A speed of 0 is unknown: speed and time are left out.
pub(super) fn transfer_progress(sent: u64, size: u64, speed: u64) -> String {
    let (part, whole) = (format::bytes(sent), format::bytes(size));
    let part = match (part.rsplit_once(' '), whole.rsplit_once(' ')) {
        (Some((number, unit)), Some((_, same))) if unit == same => number.to_owned(),
        _ => part,
    };
    let mut text = format!("{part} of {whole}");
    if speed > 0 {
        text += &format!(" · {}/s · {}", format::bytes(speed), time_left(size.saturating_sub(sent) / speed));
    }
    text
}

/// Returns the estimated time left, without a number below five seconds.
pub(super) fn time_left(seconds: u64) -> String {
    match seconds {
        0..5 => "a few seconds left".to_owned(),
        _ => format!("{} left", format::duration(seconds)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn describes_progress_speed_and_time_left() {
        const MIB: u64 = 1 << 20;
        assert_eq!(transfer_progress(12 * MIB, 100 * MIB, 8 * MIB), "12.0 of 100 MiB · 8.0 MiB/s · 11 s left");
        assert_eq!(transfer_progress(0, 1 << 30, 0), "0 bytes of 1.0 GiB");
        assert_eq!((time_left(61), time_left(7_260)), ("2 min left".to_owned(), "2 h 1 min left".to_owned()));
    }
}
