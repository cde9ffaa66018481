//! From the line to the logs: what was logged, kept until somebody listens.

use std::rc::Rc;

use domain::live::{Change, ChangeKind, LogChange, Message};
use leptos::prelude::*;
use send_wrapper::SendWrapper;

/// What is heard of an experiment's logs.
#[derive(Debug, Clone)]
pub(crate) enum LogEvent {
    /// What became of some of them: the hub's message, to be read by [`parse_log_changes`].
    Logged(String),
    /// Something was missed: everything must be read again.
    Resync,
}

/// What the hub's message says of logs; nothing where it cannot be read.
pub(crate) fn parse_log_changes(message: &str) -> Option<Vec<LogChange>> {
    match serde_json::from_str(message) {
        Ok(Message::Event { change: Change { kind: ChangeKind::Logged(changes), .. }, .. }) => Some(changes),
        _ => None,
    }
}

/// More than this is not kept for a listener that does not come.
const MOST_KEPT: usize = 500;

type Listener = SendWrapper<Rc<dyn Fn(LogEvent)>>;

/// Hands what is heard to the logs, one listener at a time. What comes while nobody listens waits, so that nothing is
/// lost between a reading of the logs and the moment they are on the page.
#[derive(Clone, Copy)]
pub(crate) struct LogFeed {
    listener: StoredValue<Option<Listener>>,
    kept: StoredValue<Vec<LogEvent>>,
}

impl LogFeed {
    pub(crate) fn new() -> Self {
        Self { listener: StoredValue::new(None), kept: StoredValue::new(Vec::new()) }
    }

    /// Says something to the listener, or keeps it for the next one.
    pub(crate) fn publish(self, event: LogEvent) {
        let Some(listener) = self.listener.try_get_value() else { return };
        if let Some(listener) = listener {
            return listener(event);
        }
        self.kept.try_update_value(|kept| {
            if kept.len() >= MOST_KEPT {
                kept.clear();
                kept.push(LogEvent::Resync);
            }
            kept.push(event);
        });
    }

    /// Drops what was kept: everything is about to be read.
    pub(crate) fn clear(self) {
        self.kept.try_update_value(Vec::clear);
    }

    /// Listens until the owner is gone; hears at once what was kept. In the browser only.
    pub(crate) fn subscribe(self, heard: impl Fn(LogEvent) + 'static) {
        let listener: Rc<dyn Fn(LogEvent)> = Rc::new(heard);
        for kept in self.kept.try_update_value(std::mem::take).unwrap_or_default() {
            listener(kept);
        }
        self.listener.try_set_value(Some(SendWrapper::new(listener.clone())));
        let listener = SendWrapper::new(listener);
        on_cleanup(move || {
            // Another one may have come by now.
            let mine =
                |current: &Option<Listener>| current.as_ref().is_some_and(|current| Rc::ptr_eq(current, &listener));
            if self.listener.try_with_value(mine) == Some(true) {
                self.listener.try_set_value(None);
            }
        });
    }
}
