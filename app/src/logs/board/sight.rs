//! Which cards are in sight: only those are drawn and kept true.

use js_sys::Array;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{IntersectionObserver, IntersectionObserverEntry, IntersectionObserverInit};

use super::{Board, with};

/// How far outside of the window a card is drawn already.
const MARGIN: &str = "300px 0px";
/// With more drawn than this, those out of sight are erased.
const MOST_DRAWN: usize = 40;

/// Watches cards come and go.
pub(super) struct Sight {
    pub(super) observer: IntersectionObserver,
    _seen: Closure<dyn FnMut(Array)>,
}

impl Sight {
    pub(super) fn new(board: &Board) -> Option<Self> {
        let this = board.this.clone();
        let seen = Closure::<dyn FnMut(Array)>::new(move |entries: Array| with(&this, |board| board.see(&entries)));
        let options = IntersectionObserverInit::new();
        options.set_root_margin(MARGIN);
        let observer = IntersectionObserver::new_with_options(seen.as_ref().unchecked_ref(), &options).ok()?;
        Some(Self { observer, _seen: seen })
    }
}

impl Drop for Sight {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

impl Board {
    fn see(&self, entries: &Array) {
        for entry in entries.iter().filter_map(|entry| entry.dyn_into::<IntersectionObserverEntry>().ok()) {
            let Some(key) = entry.target().get_attribute("data-card") else { continue };
            self.plot(&key, |plot| plot.in_sight = entry.is_intersecting());
        }
        self.erase_some();
        self.wake(0);
    }

    fn erase_some(&self) {
        let drawn = self.plots.borrow().iter().filter(|(_, plot)| plot.drawn).count();
        if drawn > MOST_DRAWN {
            self.each(|_, plot| {
                if plot.drawn && !plot.in_sight {
                    plot.erase();
                }
            });
        }
    }
}
