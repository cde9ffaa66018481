//! Live updates: pages show changes on the server without a reload.

mod connection;
mod feed;

use leptos::prelude::*;

use connection::Connection;
use domain::live::{Position, Topic};
use send_wrapper::SendWrapper;

pub(crate) use feed::{LogEvent, LogFeed, parse_log_changes};

/// Subscribes to the events of `topic` while the page is open and visible, and calls `changed` shortly after a change, once
/// for a burst of changes. The subscription starts after `since`, the position at which the page was read.
///
/// Returns whether the connection is up. It counts as up until it is known to be down, so that a page does not start with
/// a warning.
///
/// # Server-side rendering
/// Opens no connection and returns `true`.
pub(crate) fn use_live(
    topic: Signal<Topic>,
    since: Signal<Position>,
    changed: impl Fn() + Clone + Send + Sync + 'static,
) -> Signal<bool> {
    use_live_with_logs(topic, since, changed, |_| ())
}

/// Subscribes like [`use_live`] for a page that shows logs: changes of logs go to `logged` at once and do not call `changed`.
pub(crate) fn use_live_with_logs(
    topic: Signal<Topic>,
    since: Signal<Position>,
    changed: impl Fn() + Clone + Send + Sync + 'static,
    logged: impl Fn(LogEvent) + Clone + Send + Sync + 'static,
) -> Signal<bool> {
    let up = RwSignal::new(true);
    let topic = Memo::new(move |_| topic.get());
    Effect::new(move || {
        let connection = Connection::open(topic.get(), since.get_untracked(), changed.clone(), logged.clone(), up);
        let connection = SendWrapper::new(connection);
        on_cleanup(move || connection.take().close());
    });
    up.into()
}
