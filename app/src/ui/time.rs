use leptos::prelude::*;

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
const MONTH: i64 = 30 * DAY;

/// An instant, as the time that went by since.
///
/// # Server-side rendering
/// Yields the absolute text, and so does the first rendering in the browser, because the two clocks differ; then the
/// time that went by replaces it, every half minute anew. The absolute text stays as the tooltip.
#[component]
pub fn RelativeTime(
    /// Microseconds since 1970, UTC.
    at: i64,
    /// The same instant in words, as "2026-11-24 22:36 UTC".
    #[prop(into)]
    absolute: String,
) -> impl IntoView {
    let now = RwSignal::new(None);
    Effect::new(move || now.set(Some(clock::now())));
    let text = absolute.clone();
    view! {
        <time class="time" datetime=machine_readable(&absolute) title=absolute>
            {move || now.get().map_or_else(|| text.clone(), |now| relative(now - at / 1_000_000, &text))}
        </time>
    }
    .into_any()
}

/// "2026-11-24 22:36 UTC" as HTML wants it: "2026-11-24T22:36Z".
fn machine_readable(absolute: &str) -> String {
    absolute.replacen(' ', "T", 1).replace(" UTC", "Z")
}

/// The seconds that went by, in words; after a month the day says more.
fn relative(seconds: i64, absolute: &str) -> String {
    let (distance, future) = (seconds.abs(), seconds < 0);
    let amount = match distance {
        0..45 => return "just now".into(),
        45..HOUR => format!("{} min", (distance / MINUTE).max(1)),
        HOUR..DAY => format!("{} h", distance / HOUR),
        DAY..MONTH => format!("{} d", distance / DAY),
        _ => return absolute.split(' ').next().unwrap_or(absolute).to_owned(),
    };
    if future { format!("in {amount}") } else { format!("{amount} ago") }
}

/// One clock for all instants of a page: a table of a hundred rows needs no hundred timers.
mod clock {
    use std::cell::OnceCell;
    use std::time::Duration;

    use leptos::prelude::*;

    thread_local! {
        static SECONDS: OnceCell<ArcRwSignal<i64>> = const { OnceCell::new() };
    }

    /// Seconds since 1970, read reactively.
    pub(super) fn now() -> i64 {
        SECONDS.with(|seconds| seconds.get_or_init(start).get())
    }

    fn start() -> ArcRwSignal<i64> {
        let seconds = ArcRwSignal::new(read());
        let tick = seconds.clone();
        set_interval(move || tick.set(read()), Duration::from_secs(30));
        seconds
    }

    #[expect(clippy::cast_possible_truncation, reason = "whole seconds fit for millions of years")]
    fn read() -> i64 {
        (js_sys::Date::now() / 1000.0) as i64
    }
}

#[cfg(test)]
mod tests {
    use super::{DAY, HOUR, machine_readable, relative};

    #[test]
    fn words_for_what_went_by() {
        let at = "2026-11-24 22:36 UTC";
        assert_eq!(relative(3, at), "just now");
        assert_eq!(relative(50, at), "1 min ago");
        assert_eq!(relative(3 * HOUR + 59, at), "3 h ago");
        assert_eq!(relative(2 * DAY, at), "2 d ago");
        assert_eq!(relative(40 * DAY, at), "2026-11-24");
        assert_eq!(relative(-2 * HOUR, at), "in 2 h");
    }

    #[test]
    fn the_datetime_attribute_is_what_html_wants() {
        assert_eq!(machine_readable("2026-11-24 22:36 UTC"), "2026-11-24T22:36Z");
    }
}
