//! Relative times and the clock that updates them.

use domain::{Instant, format};
use leptos::prelude::*;

/// A time relative to now, updated every 30 seconds, with the absolute time as the tooltip.
///
/// # Server-side rendering
/// Renders the absolute time, and so does hydration, because the clocks of server and browser differ. The relative time
/// replaces it afterwards.
#[component]
pub fn RelativeTime(
    /// Microseconds since 1970, UTC.
    at: i64,
    /// The same instant as text: "2026-11-24 22:36 UTC".
    #[prop(into)]
    absolute: String,
) -> impl IntoView {
    let now = RwSignal::new(None);
    Effect::new(move || now.set(Some(clock::now())));
    let text = absolute.clone();
    view! {
        <time class="time" datetime=datetime_attribute(&absolute) title=absolute>
            {move || now.get().map_or_else(|| text.clone(), |now| relative_or_date(now - at / 1_000_000, &text))}
        </time>
    }
    .into_any()
}

/// Returns the server's current time, updated every 30 seconds. `read_at` is the server's time when the page's data was read.
///
/// Adds the time since then to `read_at`, so that a wrong clock of the browser does not matter.
///
/// # Server-side rendering
/// Returns `read_at`, and so does hydration.
pub(crate) fn use_server_time(read_at: Signal<Instant>) -> Signal<Instant> {
    let received = RwSignal::new(None);
    Effect::new(move || received.set(Some((read_at.get(), clock::current_seconds()))));
    Signal::derive(move || match received.get() {
        Some((read_at, received_at)) => read_at.plus_seconds((clock::now() - received_at).max(0)),
        None => read_at.get(),
    })
}

/// Calls `action` every 30 seconds. Browser only.
pub(crate) fn on_clock_tick(action: impl Fn() + 'static) {
    Effect::new(move |before: Option<i64>| {
        let now = clock::now();
        if before.is_some_and(|before| before != now) {
            untrack(&action);
        }
        now
    });
}

/// Converts "2026-11-24 22:36 UTC" to the form required by the `datetime` attribute: "2026-11-24T22:36Z".
fn datetime_attribute(absolute: &str) -> String {
    absolute.replacen(' ', "T", 1).replace(" UTC", "Z")
}

/// Returns the time relative to now, or the date of `absolute` beyond a month.
fn relative_or_date(seconds_ago: i64, absolute: &str) -> String {
    format::relative_time(seconds_ago).unwrap_or_else(|| absolute.split(' ').next().unwrap_or(absolute).to_owned())
}

/// One clock shared by all times of a page, so that a table of a hundred rows does not need a hundred timers.
mod clock {
    use std::cell::OnceCell;
    use std::time::Duration;

    use leptos::prelude::*;

    thread_local! {
        static SECONDS: OnceCell<ArcRwSignal<i64>> = const { OnceCell::new() };
    }

    /// Returns the seconds since 1970 as a tracked value.
    pub(super) fn now() -> i64 {
        SECONDS.with(|seconds| seconds.get_or_init(start_clock).get())
    }

    fn start_clock() -> ArcRwSignal<i64> {
        let seconds = ArcRwSignal::new(current_seconds());
        let tick = seconds.clone();
        set_interval(move || tick.set(current_seconds()), Duration::from_secs(30));
        seconds
    }

    #[expect(clippy::cast_possible_truncation, reason = "whole seconds fit for millions of years")]
    pub(super) fn current_seconds() -> i64 {
        (js_sys::Date::now() / 1000.0) as i64
    }
}

#[cfg(test)]
mod tests {
    use super::{datetime_attribute, relative_or_date};

    #[test]
    fn shows_the_date_beyond_a_month() {
        let at = "2026-11-24 22:36 UTC";
        assert_eq!(relative_or_date(3 * 3_600, at), "3 h ago");
        assert_eq!(relative_or_date(40 * 86_400, at), "2026-11-24");
    }

    #[test]
    fn converts_times_to_the_datetime_attribute() {
        assert_eq!(datetime_attribute("2026-11-24 22:36 UTC"), "2026-11-24T22:36Z");
    }
}
