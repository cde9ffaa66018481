//! Coordination with other tabs and windows of this browser, so that a running upload is not shown as interrupted and no
//! two tabs send the same file.

use std::{cell::RefCell, collections::HashSet, rc::Rc, time::Duration};

use domain::ids::UploadId;
use leptos::{ev, leptos_dom::helpers::WindowListenerHandle, prelude::*};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{BroadcastChannel, MessageEvent};

/// The messages between tabs: a word, followed by the ids of uploads. Asks the other tabs for their uploads.
const REQUEST_CLAIMS: &str = "who";
/// These uploads belong to the sender.
const CLAIM: &str = "mine";
/// These uploads no longer belong to the sender.
const RELEASE: &str = "left";

/// What [`TabSync`] needs of the upload manager.
pub(super) struct TabCallbacks {
    /// Returns the uploads of this tab.
    pub(super) own_uploads: Rc<dyn Fn() -> Vec<UploadId>>,
    /// Called after another tab claimed uploads.
    pub(super) on_claimed: Box<dyn Fn()>,
    /// Called one second after another tab released uploads.
    pub(super) on_released: Rc<dyn Fn()>,
}

/// The uploads of the other tabs.
pub(super) struct TabSync {
    channel: Option<BroadcastChannel>,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    claimed_by_others: Rc<RefCell<HashSet<UploadId>>>,
    page_hide: RefCell<Option<WindowListenerHandle>>,
}

impl TabSync {
    pub(super) fn open(callbacks: TabCallbacks) -> Self {
        let TabCallbacks { own_uploads, on_claimed, on_released } = callbacks;
        let claimed_by_others = Rc::<RefCell<HashSet<UploadId>>>::default();
        let channel = BroadcastChannel::new("uploads").ok();
        let (replies, claimed, own) = (channel.clone(), claimed_by_others.clone(), own_uploads.clone());
        let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            let text = event.data().as_string().unwrap_or_default();
            let mut words = text.split(' ');
            let (kind, ids) = (words.next().unwrap_or_default(), words.filter_map(|id| id.parse().ok()));
            match kind {
                REQUEST_CLAIMS => post_message(replies.as_ref(), CLAIM, &own()),
                CLAIM => {
                    claimed.borrow_mut().extend(ids);
                    on_claimed();
                }
                RELEASE => {
                    ids.for_each(|id| _ = claimed.borrow_mut().remove(&id));
                    let on_released = on_released.clone();
                    // By then the server knows whether the upload is completed or interrupted.
                    set_timeout(move || on_released(), Duration::from_secs(1));
                }
                _ => {}
            }
        });
        if let Some(channel) = &channel {
            channel.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        }
        let closing = channel.clone();
        let page_hide =
            window_event_listener(ev::pagehide, move |_| post_message(closing.as_ref(), RELEASE, &own_uploads()));
        Self { channel, _on_message: on_message, claimed_by_others, page_hide: RefCell::new(Some(page_hide)) }
    }

    /// Asks the other tabs for their uploads. The answers arrive within milliseconds.
    pub(super) fn request_claims(&self) {
        self.claimed_by_others.borrow_mut().clear();
        self.post(REQUEST_CLAIMS, &[]);
    }

    /// Returns whether an upload belongs to another tab.
    pub(super) fn is_claimed_by_other(&self, id: UploadId) -> bool {
        self.claimed_by_others.borrow().contains(&id)
    }

    /// Claims an upload for this tab. Returns `false` if it belongs to another tab.
    pub(super) fn claim(&self, id: UploadId) -> bool {
        let free = !self.is_claimed_by_other(id);
        if free {
            self.post(CLAIM, &[id]);
        }
        free
    }

    /// Tells the other tabs that an upload no longer belongs to this tab.
    pub(super) fn release(&self, id: Option<UploadId>) {
        if let Some(id) = id {
            self.post(RELEASE, &[id]);
        }
    }

    /// Releases these uploads and closes the channel.
    pub(super) fn close(&self, ids: &[UploadId]) {
        self.post(RELEASE, ids);
        if let Some(listener) = self.page_hide.take() {
            listener.remove();
        }
        if let Some(channel) = &self.channel {
            channel.set_onmessage(None);
            channel.close();
        }
    }

    fn post(&self, kind: &str, ids: &[UploadId]) {
        post_message(self.channel.as_ref(), kind, ids);
    }
}

fn post_message(channel: Option<&BroadcastChannel>, kind: &str, ids: &[UploadId]) {
    if let Some(channel) = channel {
        let text = ids.iter().fold(kind.to_owned(), |text, id| format!("{text} {id}"));
        _ = channel.post_message(&JsValue::from_str(&text));
    }
}
