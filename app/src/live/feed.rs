//! Passes log events from the live connection to the Logs tab, and buffers them until it subscribes.

use std::rc::Rc;

use domain::live::{Change, ChangeKind, LogChange, Message};
use leptos::prelude::*;
use send_wrapper::SendWrapper;

/// An event about an experiment's logs.
#[derive(Debug, Clone)]
pub(crate) enum LogEvent {
    /// Some logs changed. Contains the hub's message for [`parse_log_changes`].
    Logged(String),
    /// Events were missed; all logs must be refetched.
    Resync,
}

/// Returns the changes of logs in a hub message, or `None` if it cannot be decoded.
pub(crate) fn parse_log_changes(message: &str) -> Option<Vec<LogChange>> {
    match serde_json::from_str(message) {
        Ok(Message::Event { change: Change { kind: ChangeKind::Logged(changes), .. }, .. }) => Some(changes),
        _ => None,
    }
}

/// Maximum number of events buffered without a subscriber. Beyond it, they are replaced by one [`LogEvent::Resync`].
const MAX_BUFFERED: usize = 500;

type Subscriber = SendWrapper<Rc<dyn Fn(LogEvent)>>;

/// Passes log events to one subscriber at a time. Buffers events without a subscriber, so that none are lost between the
/// moment the logs are read and the moment they are on the page.
#[derive(Clone, Copy)]
pub(crate) struct LogFeed {
    subscriber: StoredValue<Option<Subscriber>>,
    buffer: StoredValue<Vec<LogEvent>>,
}

impl LogFeed {
    /// Creates a feed without a subscriber.
    pub(crate) fn new() -> Self {
        Self { subscriber: StoredValue::new(None), buffer: StoredValue::new(Vec::new()) }
    }

    /// Passes an event to the subscriber, or buffers it for the next one.
    pub(crate) fn publish(self, event: LogEvent) {
        let Some(subscriber) = self.subscriber.try_get_value() else { return };
        if let Some(subscriber) = subscriber {
            return subscriber(event);
        }
        self.buffer.try_update_value(|buffer| {
            if buffer.len() >= MAX_BUFFERED {
                buffer.clear();
                buffer.push(LogEvent::Resync);
            }
            buffer.push(event);
        });
    }

    /// Discards buffered events, because all logs are about to be loaded.
    pub(crate) fn clear(self) {
        self.buffer.try_update_value(Vec::clear);
    }

    /// Subscribes until the current reactive owner is disposed. Calls `on_event` with the buffered events first. Browser only.
    pub(crate) fn subscribe(self, on_event: impl Fn(LogEvent) + 'static) {
        let subscriber: Rc<dyn Fn(LogEvent)> = Rc::new(on_event);
        for event in self.buffer.try_update_value(std::mem::take).unwrap_or_default() {
            subscriber(event);
        }
        self.subscriber.try_set_value(Some(SendWrapper::new(subscriber.clone())));
        let subscriber = SendWrapper::new(subscriber);
        on_cleanup(move || {
            // A newer subscriber must stay.
            let is_current =
                |current: &Option<Subscriber>| current.as_ref().is_some_and(|current| Rc::ptr_eq(current, &subscriber));
            if self.subscriber.try_with_value(is_current) == Some(true) {
                self.subscriber.try_set_value(None);
            }
        });
    }
}
