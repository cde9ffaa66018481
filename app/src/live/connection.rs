//! One WebSocket that comes back by itself.
//!
//! Written on the browser's own interface: ready-made hooks keep the address of the first connection, and ours names
//! the last message that was seen.

use std::{
    cell::{Cell, RefCell},
    rc::{Rc, Weak},
    time::Duration,
};

use domain::live::{Change, ChangeKind, Message, Position, Topic};
use leptos::{ev, leptos_dom::helpers::WindowListenerHandle, prelude::*};
use serde::de::IgnoredAny;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{MessageEvent, VisibilityState, WebSocket};

use super::LogEvent;

/// The first pause before trying again; each further one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(15);
/// Changes that arrive within this time are one reading.
const GATHER: Duration = Duration::from_millis(100);

/// A line to the hub. Closed by [`Connection::close`].
pub(super) struct Connection {
    inner: Rc<Inner>,
    sight: WindowListenerHandle,
}

struct Inner {
    this: Weak<Inner>,
    topic: Topic,
    position: Cell<Position>,
    changed: Box<dyn Fn()>,
    logged: Box<dyn Fn(LogEvent)>,
    up: RwSignal<bool>,
    socket: RefCell<Option<Socket>>,
    pause: Cell<Duration>,
    gathering: Cell<bool>,
    closed: Cell<bool>,
}

/// A WebSocket with the closures that it calls, which must live as long.
struct Socket {
    socket: WebSocket,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_close: Closure<dyn FnMut()>,
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.socket.set_onmessage(None);
        self.socket.set_onclose(None);
        // Refused only for reasons that we do not give.
        _ = self.socket.close();
    }
}

impl Connection {
    pub(super) fn open(
        topic: Topic,
        since: Position,
        changed: impl Fn() + 'static,
        logged: impl Fn(LogEvent) + 'static,
        up: RwSignal<bool>,
    ) -> Self {
        let inner = Rc::new_cyclic(|this| Inner {
            this: this.clone(),
            topic,
            position: Cell::new(since),
            changed: Box::new(changed),
            logged: Box::new(logged),
            up,
            socket: RefCell::default(),
            pause: Cell::new(FIRST_PAUSE),
            gathering: Cell::new(false),
            closed: Cell::new(false),
        });
        inner.follow_sight();
        let watched = inner.this.clone();
        let sight = window_event_listener(ev::visibilitychange, move |_| {
            if let Some(inner) = watched.upgrade() {
                inner.follow_sight();
            }
        });
        Self { inner, sight }
    }

    /// Ends the line for good.
    pub(super) fn close(self) {
        self.inner.closed.set(true);
        self.inner.socket.take();
        self.sight.remove();
    }
}

impl Inner {
    /// A page out of sight holds no connection; back in sight it hears what it missed.
    fn follow_sight(&self) {
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
        let Some(socket) = self.address().and_then(|address| WebSocket::new(&address).ok()) else {
            return self.retry();
        };
        let (hears, ends) = (self.this.clone(), self.this.clone());
        let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            if let (Some(inner), Some(text)) = (hears.upgrade(), event.data().as_string()) {
                inner.hear(text);
            }
        });
        let on_close = Closure::<dyn FnMut()>::new(move || {
            if let Some(inner) = ends.upgrade() {
                inner.up.try_set(false);
                inner.retry();
            }
        });
        socket.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        socket.set_onclose(Some(on_close.as_ref().unchecked_ref()));
        self.socket.replace(Some(Socket { socket, _on_message: on_message, _on_close: on_close }));
    }

    fn address(&self) -> Option<String> {
        let location = window().location();
        let scheme = if location.protocol().ok()? == "https:" { "wss" } else { "ws" };
        let (host, topic, Position { epoch, seq }) =
            (location.host().ok()?, self.topic.to_query_param(), self.position.get());
        Some(format!("{scheme}://{host}/live?topic={topic}&epoch={epoch}&seq={seq}"))
    }

    fn hear(&self, text: String) {
        // What cannot be read is of a newer server; after the next load the page is of that version too.
        let Ok(message) = serde_json::from_str::<Message<IgnoredAny>>(&text) else { return self.read_again() };
        self.position.set(message.position());
        self.pause.set(FIRST_PAUSE);
        self.up.try_set(true);
        match message {
            Message::Hello { .. } => {}
            // Every page has a line, and the logs alone read what was logged.
            Message::Event { change: Change { kind: ChangeKind::Logged(_), .. }, .. } => {
                (self.logged)(LogEvent::Logged(text))
            }
            Message::Event { .. } => self.read_again(),
            Message::Resync { .. } => {
                (self.logged)(LogEvent::Resync);
                self.read_again();
            }
        }
    }

    fn read_again(&self) {
        if self.gathering.replace(true) {
            return;
        }
        let this = self.this.clone();
        set_timeout(
            move || {
                if let Some(inner) = this.upgrade() {
                    inner.gathering.set(false);
                    if !inner.closed.get() {
                        (inner.changed)();
                    }
                }
            },
            GATHER,
        );
    }

    fn retry(&self) {
        let pause = self.pause.get();
        self.pause.set((pause * 2).min(LONGEST_PAUSE));
        let this = self.this.clone();
        set_timeout(
            move || {
                if let Some(inner) = this.upgrade() {
                    // The old socket ends here and not in its own event, whose closure it owns.
                    inner.socket.take();
                    inner.connect();
                }
            },
            pause,
        );
    }
}
