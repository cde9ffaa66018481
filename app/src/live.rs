//! Pages stay true: whatever changes on the server shows without a reload.

mod connection;
mod feed;

use leptos::prelude::*;

use connection::Connection;
use domain::live::{Position, Topic};
use send_wrapper::SendWrapper;

pub(crate) use feed::{LogEvent, LogFeed, parse_log_changes};

/// Listens to what happens at `topic` for as long as the page is open and in sight, and calls `changed` when the page
/// should read again: soon after a change, once for a burst of them. Goes on after `since`, where the page's reading was.
///
/// Gives whether the line is up. It counts as up until it is known to be down, so that no page begins with a complaint.
///
/// # Server-side rendering
/// Opens nothing and is up.
pub(crate) fn use_live(
    topic: Signal<Topic>,
    since: Signal<Position>,
    changed: impl Fn() + Clone + Send + Sync + 'static,
) -> Signal<bool> {
    use_live_with_logs(topic, since, changed, |_| ())
}

/// The same for a page that shows logs: what was logged goes to `logged` at once, and is no reason to read the page again.
pub(crate) fn use_live_with_logs(
    topic: Signal<Topic>,
    since: Signal<Position>,
    changed: impl Fn() + Clone + Send + Sync + 'static,
    logged: impl Fn(LogEvent) + Clone + Send + Sync + 'static,
) -> Signal<bool> {
    let up = RwSignal::new(true);
    let topic = Memo::new(move |_| topic.get());
    Effect::new(move || {
        let line = Connection::open(topic.get(), since.get_untracked(), changed.clone(), logged.clone(), up);
        let line = SendWrapper::new(line);
        on_cleanup(move || line.take().close());
    });
    up.into()
}
