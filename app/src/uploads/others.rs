//! The other tabs and windows of this browser: an upload that is under way in one of them is not interrupted, and two do
//! not send the same.

use std::{
    cell::RefCell,
    collections::HashSet,
    rc::{Rc, Weak},
    time::Duration,
};

use domain::ids::UploadId;
use leptos::{ev, leptos_dom::helpers::WindowListenerHandle, prelude::*};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{BroadcastChannel, MessageEvent};

use super::desk::{Desk, with};

/// What the tabs say to each other: a word, and behind it the ids that it is about.
const WHO: &str = "who";
const MINE: &str = "mine";
const LEFT: &str = "left";

/// What the other tabs are busy with.
pub(super) struct Others {
    channel: Option<BroadcastChannel>,
    _heard: Closure<dyn FnMut(MessageEvent)>,
    theirs: Rc<RefCell<HashSet<UploadId>>>,
    hidden: RefCell<Option<WindowListenerHandle>>,
}

impl Others {
    pub(super) fn meet(desk: Weak<Desk>) -> Self {
        let theirs = Rc::<RefCell<HashSet<UploadId>>>::default();
        let (told, hearing) = (theirs.clone(), desk.clone());
        let heard = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            let text = event.data().as_string().unwrap_or_default();
            let mut words = text.split(' ');
            let (what, ids) = (words.next().unwrap_or_default(), words.filter_map(|id| id.parse().ok()));
            match what {
                WHO => with(&hearing, |desk| desk.others.tell(MINE, &desk.ids())),
                MINE => {
                    told.borrow_mut().extend(ids);
                    with(&hearing, Desk::leave_to_others);
                }
                LEFT => {
                    ids.for_each(|id| _ = told.borrow_mut().remove(&id));
                    let desk = hearing.clone();
                    // What was stored there is no upload any more; what was broken off is interrupted.
                    set_timeout(move || with(&desk, Desk::look), Duration::from_secs(1));
                }
                _ => {}
            }
        });
        let channel = BroadcastChannel::new("uploads").ok();
        if let Some(channel) = &channel {
            channel.set_onmessage(Some(heard.as_ref().unchecked_ref()));
        }
        let hidden =
            window_event_listener(ev::pagehide, move |_| with(&desk, |desk| desk.others.tell(LEFT, &desk.ids())));
        Self { channel, _heard: heard, theirs, hidden: RefCell::new(Some(hidden)) }
    }

    /// Asks what is theirs; the answers come within moments.
    pub(super) fn ask(&self) {
        self.theirs.borrow_mut().clear();
        self.tell(WHO, &[]);
    }

    /// Whether an upload is another tab's.
    pub(super) fn have(&self, id: UploadId) -> bool {
        self.theirs.borrow().contains(&id)
    }

    /// Makes an upload this tab's, unless it is another's.
    pub(super) fn claim(&self, id: UploadId) -> bool {
        let free = !self.have(id);
        if free {
            self.tell(MINE, &[id]);
        }
        free
    }

    /// Says that an upload is not this tab's any more.
    pub(super) fn let_go(&self, id: Option<UploadId>) {
        if let Some(id) = id {
            self.tell(LEFT, &[id]);
        }
    }

    /// Says good-bye.
    pub(super) fn leave(&self, ids: &[UploadId]) {
        self.tell(LEFT, ids);
        if let Some(hidden) = self.hidden.take() {
            hidden.remove();
        }
        if let Some(channel) = &self.channel {
            channel.set_onmessage(None);
            channel.close();
        }
    }

    fn tell(&self, what: &str, ids: &[UploadId]) {
        if let Some(channel) = &self.channel {
            let text = ids.iter().fold(what.to_owned(), |text, id| format!("{text} {id}"));
            _ = channel.post_message(&JsValue::from_str(&text));
        }
    }
}
