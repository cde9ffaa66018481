//! The only place that reads the clock.

use std::time::{SystemTime, UNIX_EPOCH};

use domain::Instant;

/// The present, by the system's clock. Before 1970 and after the year 294,000 it reads as 0.
pub(crate) fn now() -> Instant {
    let micros = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_micros());
    Instant(i64::try_from(micros).unwrap_or(0))
}
