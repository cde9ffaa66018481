//! Leaving the page while something is sent: the browser asks first.

use std::cell::RefCell;

use leptos::prelude::window;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::Event;

type Ask = Closure<dyn FnMut(Event)>;

/// Whether the browser asks. It listens only while it has to, because a page that listens is not kept for going back.
#[derive(Default)]
pub(super) struct Leaving(RefCell<Option<Ask>>);

impl Leaving {
    /// Lets the page be left without a question, or not.
    pub(super) fn allow(&self, allowed: bool) {
        if allowed == self.0.borrow().is_none() {
            return;
        }
        if allowed {
            window().set_onbeforeunload(None);
            self.0.take();
        } else {
            let ask = Ask::new(|event: Event| event.prevent_default());
            window().set_onbeforeunload(Some(ask.as_ref().unchecked_ref()));
            self.0.replace(Some(ask));
        }
    }
}
