//! Tracks which cards are visible: only those are drawn and kept up to date.

use js_sys::Array;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{IntersectionObserver, IntersectionObserverEntry, IntersectionObserverInit};

use super::{Dashboard, with_dashboard};

/// The distance from the viewport at which a card counts as visible.
const MARGIN: &str = "300px 0px";
/// With more charts than this, those of hidden cards are removed.
const MAX_DRAWN: usize = 40;

/// Observes cards entering and leaving the viewport.
pub(super) struct VisibilityObserver {
    pub(super) observer: IntersectionObserver,
    _callback: Closure<dyn FnMut(Array)>,
}

impl VisibilityObserver {
    pub(super) fn new(dashboard: &Dashboard) -> Option<Self> {
        let this = dashboard.this.clone();
        let callback = Closure::<dyn FnMut(Array)>::new(move |entries: Array| {
            with_dashboard(&this, |dashboard| dashboard.handle_intersections(&entries))
        });
        let options = IntersectionObserverInit::new();
        options.set_root_margin(MARGIN);
        let observer = IntersectionObserver::new_with_options(callback.as_ref().unchecked_ref(), &options).ok()?;
        Some(Self { observer, _callback: callback })
    }
}

impl Drop for VisibilityObserver {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

impl Dashboard {
    fn handle_intersections(&self, entries: &Array) {
        for entry in entries.iter().filter_map(|entry| entry.dyn_into::<IntersectionObserverEntry>().ok()) {
            let Some(key) = entry.target().get_attribute("data-card") else { continue };
            self.with_card(&key, |state| state.visible = entry.is_intersecting());
        }
        self.erase_hidden_charts();
        self.schedule_update(0);
    }

    fn erase_hidden_charts(&self) {
        let drawn = self.cards.borrow().iter().filter(|(_, state)| state.drawn).count();
        if drawn > MAX_DRAWN {
            self.for_each_card(|_, state| {
                if state.drawn && !state.visible {
                    state.erase();
                }
            });
        }
    }
}
