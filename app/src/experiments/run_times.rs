//! The duration of experiments, and a note beside running ones that are silent.

use domain::{
    Instant,
    experiments::{Experiment, RunTimes, Status},
    format,
};
use leptos::prelude::*;

use crate::ui::{on_clock_tick, use_server_time};

/// The status and times of an experiment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RunState {
    status: Status,
    times: RunTimes,
}

impl From<&Experiment> for RunState {
    fn from(experiment: &Experiment) -> Self {
        Self { status: experiment.status, times: experiment.times }
    }
}

/// The server's time on a page with experiments.
#[derive(Clone, Copy)]
pub(crate) struct PageTime {
    /// When the page's data was read.
    read_at: Signal<Instant>,
    /// The current time.
    now: Signal<Instant>,
}

impl PageTime {
    /// Creates the time of a page whose data was read at `read_at`.
    pub(crate) fn new(read_at: impl Into<Signal<Instant>>) -> Self {
        let read_at = read_at.into();
        Self { read_at, now: use_server_time(read_at) }
    }

    /// Calls `refetch` every 30 seconds while one of the experiments seems to be silent: appended points are not part of the
    /// page's data, so it may have written since. Browser only.
    pub(crate) fn refetch_while_silent<I>(self, experiments: impl Fn() -> I + 'static, refetch: impl Fn() + 'static)
    where
        I: IntoIterator<Item = RunState>,
    {
        on_clock_tick(move || {
            let now = self.now.get();
            if experiments().into_iter().any(|RunState { status, times }| times.silence(status, now).is_some()) {
                refetch();
            }
        });
    }
}

/// The note "No news for 25 min". Empty unless the experiment is running and silent.
#[component]
pub(crate) fn SilenceNote(
    /// The experiment; `None` shows nothing.
    run: Signal<Option<RunState>>,
    /// The time on the page.
    time: PageTime,
) -> impl IntoView {
    let note = Memo::new(move |_| silence_note(run.get()?, time.read_at.get(), time.now.get()));
    move || note.get().map(|text| view! { <span class="silence">{text}</span> })
}

/// Returns the note. `None` unless the experiment was silent when it was read, because only the server knows its last write.
fn silence_note(RunState { status, times }: RunState, read_at: Instant, now: Instant) -> Option<String> {
    times.silence(status, read_at)?;
    let minutes = times.silence(status, now)? / 60;
    Some(format!("No news for {}", format::elapsed(minutes * 60)))
}

/// The duration of a training that runs or has ended: "2 h 41 min". Otherwise `placeholder`.
#[component]
pub(crate) fn RunDuration(
    /// The experiment; `None` shows the placeholder.
    run: Signal<Option<RunState>>,
    /// The time on the page.
    time: PageTime,
    /// The text for an experiment without a duration.
    placeholder: &'static str,
) -> impl IntoView {
    Memo::new(move |_| {
        let duration = run.get().and_then(|RunState { status, times }| times.duration(status, time.now.get()));
        duration.map_or_else(|| placeholder.to_owned(), format::elapsed)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_a_silence_that_the_server_confirmed() {
        let minutes = |minutes: i64| Instant(minutes * 60_000_000);
        let times = RunTimes { last_news_at: Some(minutes(0)), ..RunTimes::default() };
        let check = |status, read_at, now, expected: Option<&str>| {
            let note = silence_note(RunState { status, times }, minutes(read_at), minutes(now));
            assert_eq!(note.as_deref(), expected, "{status} {read_at} {now}");
        };
        check(Status::Running, 5, 5, None);
        check(Status::Running, 5, 25, None); // it may have written since
        check(Status::Running, 25, 25, Some("No news for 25 min"));
        check(Status::Running, 25, 161, Some("No news for 2 h 41 min"));
        check(Status::Waiting, 25, 25, None);
    }
}
