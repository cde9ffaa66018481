//! Live updates: pages show changes on the server without a reload.

mod connection;
mod feed;

use leptos::prelude::*;

use connection::Connection;
use domain::live::{Position, Topic};
use send_wrapper::SendWrapper;

pub(crate) use feed::{LogEvent, LogFeed, parse_log_changes};

/// Subscribes to the events of `topic` while the page is open and visible, and calls `on_change` shortly after a change,
/// once for a burst of changes. The subscription starts after `since`, the position at which the page was loaded.
///
/// Returns whether the page is connected. It counts as connected until it is known not to be, so that a page does not start
/// with a warning.
///
/// # Server-side rendering
/// Opens no connection and returns `true`.
pub(crate) fn use_live(
    topic: Signal<Topic>,
    since: Signal<Position>,
    on_change: impl Fn() + Clone + Send + Sync + 'static,
) -> Signal<bool> {
    use_live_with_logs(topic, since, on_change, |_| ())
}

/// Subscribes like [`use_live`] for a page that shows logs: changes of logs go to `on_log_event` at once and do not call
/// `on_change`.
pub(crate) fn use_live_with_logs(
    topic: Signal<Topic>,
    since: Signal<Position>,
    on_change: impl Fn() + Clone + Send + Sync + 'static,
    on_log_event: impl Fn(LogEvent) + Clone + Send + Sync + 'static,
) -> Signal<bool> {
    let connected = RwSignal::new(true);
    let topic = Memo::new(move |_| topic.get());
    Effect::new(move || {
        let connection =
            Connection::open(topic.get(), since.get_untracked(), on_change.clone(), on_log_event.clone(), connected);
        let connection = SendWrapper::new(connection);
        on_cleanup(move || connection.take().close());
    });
    connected.into()
}

/// Returns `on_change` for a page whose resource is deleted while `deleting` is `true`: it does nothing then, since the resource
/// may no longer exist before the next page is shown. Calls `on_change` once if the deletion fails.
pub(crate) fn unless_deleting(
    deleting: Signal<bool>,
    on_change: impl Fn() + Clone + Send + Sync + 'static,
) -> impl Fn() + Clone + Send + Sync + 'static {
    let refetch = on_change.clone();
    Effect::new(move |before: Option<bool>| {
        let now = deleting.get();
        if before == Some(true) && !now {
            refetch();
        }
        now
    });
    move || {
        if !deleting.get_untracked() {
            on_change();
        }
    }
}
