//! Warns the user before leaving the page while uploads are running (`beforeunload`).

use std::cell::RefCell;

use leptos::prelude::window;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::Event;

type BeforeUnload = Closure<dyn FnMut(Event)>;

/// A `beforeunload` listener that is registered only while it is active, because browsers do not keep pages with such a
/// listener in their back/forward cache.
#[derive(Default)]
pub(super) struct UnloadGuard(RefCell<Option<BeforeUnload>>);

impl UnloadGuard {
    /// Sets whether the user is warned before leaving the page.
    pub(super) fn set_active(&self, active: bool) {
        if active == self.0.borrow().is_some() {
            return;
        }
        if active {
            let listener = BeforeUnload::new(|event: Event| event.prevent_default());
            window().set_onbeforeunload(Some(listener.as_ref().unchecked_ref()));
            self.0.replace(Some(listener));
        } else {
            window().set_onbeforeunload(None);
            self.0.take();
        }
    }
}
