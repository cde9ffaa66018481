use domain::format;
use leptos::prelude::*;

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
            {move || now.get().map_or_else(|| text.clone(), |now| relative_or_date(now - at / 1_000_000, &text))}
        </time>
    }
    .into_any()
}

/// "2026-11-24 22:36 UTC" as HTML wants it: "2026-11-24T22:36Z".
fn machine_readable(absolute: &str) -> String {
    absolute.replacen(' ', "T", 1).replace(" UTC", "Z")
}

/// Returns the time relative to now, or the date of `absolute` beyond a month.
fn relative_or_date(seconds_ago: i64, absolute: &str) -> String {
    format::relative_time(seconds_ago).unwrap_or_else(|| absolute.split(' ').next().unwrap_or(absolute).to_owned())
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
    use super::{machine_readable, relative_or_date};

    #[test]
    fn shows_the_date_beyond_a_month() {
        let at = "2026-11-24 22:36 UTC";
        assert_eq!(relative_or_date(3 * 3_600, at), "3 h ago");
        assert_eq!(relative_or_date(40 * 86_400, at), "2026-11-24");
    }

    #[test]
    fn the_datetime_attribute_is_what_html_wants() {
        assert_eq!(machine_readable("2026-11-24 22:36 UTC"), "2026-11-24T22:36Z");
    }
}
