//! A WebSocket that reconnects automatically.
//!
//! Uses the browser's API directly: existing hooks reconnect with the URL of the first connection, but our URL contains the
//! position of the last message received.

use std::{
    cell::{Cell, RefCell},
    rc::{Rc, Weak},
    time::Duration,
};

use domain::live::{Change, ChangeKind, Message, Position, Topic};
use leptos::{ev, leptos_dom::helpers::WindowListenerHandle, prelude::*};
use serde::de::IgnoredAny;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{CloseEvent, MessageEvent, VisibilityState, WebSocket};

use super::LogEvent;

/// Delay before the first reconnect; doubles with each further attempt.
const INITIAL_BACKOFF: Duration = Duration::from_millis(500);
/// Maximum delay between reconnects.
const MAX_BACKOFF: Duration = Duration::from_secs(15);
/// The close code with which the server says that the session has ended or the user may no longer see the page (RFC 6455: policy
/// violation).
const ACCESS_LOST: u16 = 1008;
/// Changes that arrive within this time cause one refetch.
const COALESCE_WINDOW: Duration = Duration::from_millis(100);

/// A connection to the hub. Open until [`Connection::close`].
pub(super) struct Connection {
    inner: Rc<Inner>,
    visibility: WindowListenerHandle,
}

struct Inner {
    this: Weak<Inner>,
    topic: Topic,
    /// Position of the last message received.
    position: Cell<Position>,
    on_change: Box<dyn Fn()>,
    on_log_event: Box<dyn Fn(LogEvent)>,
    connected: RwSignal<bool>,
    socket: RefCell<Option<Socket>>,
    /// Number of connection attempts. A reconnect that was scheduled before the latest attempt is obsolete.
    attempts: Cell<u32>,
    /// Delay before the next reconnect.
    backoff: Cell<Duration>,
    /// Whether a call of `on_change` is scheduled.
    refetch_scheduled: Cell<bool>,
    closed: Cell<bool>,
}

/// A WebSocket with its event handlers, which must live as long as it does.
struct Socket {
    socket: WebSocket,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_close: Closure<dyn FnMut(CloseEvent)>,
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.socket.set_onmessage(None);
        self.socket.set_onclose(None);
        // Fails only for an invalid close code or reason; neither is passed.
        _ = self.socket.close();
    }
}

impl Connection {
    /// Opens a connection that receives the events of `topic` after `since`.
    pub(super) fn open(
        topic: Topic,
        since: Position,
        on_change: impl Fn() + 'static,
        on_log_event: impl Fn(LogEvent) + 'static,
        connected: RwSignal<bool>,
    ) -> Self {
        let inner = Rc::new_cyclic(|this| Inner {
            this: this.clone(),
            topic,
            position: Cell::new(since),
            on_change: Box::new(on_change),
            on_log_event: Box::new(on_log_event),
            connected,
            socket: RefCell::default(),
            attempts: Cell::default(),
            backoff: Cell::new(INITIAL_BACKOFF),
            refetch_scheduled: Cell::new(false),
            closed: Cell::new(false),
        });
        inner.update_visibility();
        let weak = inner.this.clone();
        let visibility = window_event_listener(ev::visibilitychange, move |_| {
            if let Some(inner) = weak.upgrade() {
                inner.update_visibility();
            }
        });
        Self { inner, visibility }
    }

    /// Closes the connection permanently.
    pub(super) fn close(self) {
        self.inner.closed.set(true);
        self.inner.socket.take();
        self.visibility.remove();
    }
}

impl Inner {
    /// Disconnects a hidden page, and reconnects a visible one, which then receives the messages it missed.
    fn update_visibility(&self) {
        if document().visibility_state() == VisibilityState::Hidden {
            self.socket.take();
        } else if self.socket.borrow().is_none() {
            self.connect();
        }
    }

    fn connect(&self) {
        if self.closed.get() || document().visibility_state() == VisibilityState::Hidden {
            return;
        }
        self.attempts.set(self.attempts.get().wrapping_add(1));
        let Some(socket) = self.url().and_then(|url| WebSocket::new(&url).ok()) else {
            return self.schedule_reconnect();
        };
        let (weak, weak_on_close) = (self.this.clone(), self.this.clone());
        let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            if let (Some(inner), Some(text)) = (weak.upgrade(), event.data().as_string()) {
                inner.handle_message(text);
            }
        });
        let on_close = Closure::<dyn FnMut(CloseEvent)>::new(move |event: CloseEvent| {
            if let Some(inner) = weak_on_close.upgrade() {
                inner.connected.try_set(false);
                if event.code() == ACCESS_LOST {
                    // What the user may no longer see disappears from the page.
                    inner.schedule_refetch();
                }
                inner.schedule_reconnect();
            }
        });
        socket.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        socket.set_onclose(Some(on_close.as_ref().unchecked_ref()));
        self.socket.replace(Some(Socket { socket, _on_message: on_message, _on_close: on_close }));
    }

    fn url(&self) -> Option<String> {
        let location = window().location();
        let scheme = if location.protocol().ok()? == "https:" { "wss" } else { "ws" };
        let (host, topic, Position { epoch, seq }) =
            (location.host().ok()?, self.topic.to_query_param(), self.position.get());
        Some(format!("{scheme}://{host}/live?topic={topic}&epoch={epoch}&seq={seq}"))
    }

    fn handle_message(&self, text: String) {
        // An unknown message comes from a newer server. A reload picks up the new version.
        let Ok(message) = serde_json::from_str::<Message<IgnoredAny>>(&text) else { return self.schedule_refetch() };
        self.position.set(message.position());
        self.backoff.set(INITIAL_BACKOFF);
        self.connected.try_set(true);
        match message {
            Message::Hello { .. } => {}
            // Passed on as text: every page has a connection, but only the Logs tab decodes changes of logs.
            Message::Event { change: Change { kind: ChangeKind::Logged(_), .. }, .. } => {
                (self.on_log_event)(LogEvent::Logged(text))
            }
            Message::Event { .. } => self.schedule_refetch(),
            Message::Resync { .. } => {
                (self.on_log_event)(LogEvent::Resync);
                self.schedule_refetch();
            }
        }
    }

    fn schedule_refetch(&self) {
        if self.refetch_scheduled.replace(true) {
            return;
        }
        let this = self.this.clone();
        set_timeout(
            move || {
                if let Some(inner) = this.upgrade() {
                    inner.refetch_scheduled.set(false);
                    if !inner.closed.get() {
                        (inner.on_change)();
                    }
                }
            },
            COALESCE_WINDOW,
        );
    }

    fn schedule_reconnect(&self) {
        let backoff = self.backoff.get();
        self.backoff.set((backoff * 2).min(MAX_BACKOFF));
        let (this, attempts) = (self.this.clone(), self.attempts.get());
        set_timeout(
            move || {
                if let Some(inner) = this.upgrade().filter(|inner| inner.attempts.get() == attempts) {
                    // Dropped here and not in its own event handler, which it owns.
                    inner.socket.take();
                    inner.connect();
                }
            },
            backoff,
        );
    }
}
