//! The dashboard in the browser: draws charts, keeps cards up to date and handles input.
//!
//! `view` creates the cards once, as plain HTML. From then on one [`Dashboard`] owns what changes in them: it
//! handles all events at the dashboard's root, draws the visible cards, and fetches missing data. A page with hundreds of
//! cards needs only a few listeners, and one piece of WASM code handles all kinds of logs.
//!
//! Nothing here panics: a missing element is skipped.

mod arrange;
mod card_state;
mod cards;
mod dom;
mod download;
mod draw;
mod events;
mod expanded;
mod figure;
mod image_versions;
mod lines;
mod live;
mod menu;
mod overlay;
mod refetch;
mod scheduler;
mod table;
mod table_rows;
mod visibility;

use std::{
    cell::{Cell, RefCell},
    rc::{Rc, Weak},
};

use leptos::{html, prelude::*};
use send_wrapper::SendWrapper;
use web_sys::HtmlElement;

use super::{context::LogsContext, sections::CardSection, url_state::LogsViewState};
use crate::{live::LogEvent, plot::ThemeColors, shortcuts::use_shortcuts, ui::Toaster};
use card_state::CardState;
use refetch::RefetchState;

/// The key in [`Dashboard::cards`] of the copy shown at full size.
const EXPANDED: &str = "full";

/// Runs the dashboard in `root` while it is on the page.
///
/// # Server-side rendering
/// Does nothing.
pub(super) fn start(context: LogsContext, view_state: LogsViewState, root: NodeRef<html::Div>) {
    let toasts = crate::ui::use_toasts();
    Effect::new(move || {
        let Some(root) = root.get() else { return };
        let dashboard = Dashboard::new(context.clone(), view_state.clone(), root.into(), toasts);
        let feed = Rc::downgrade(&dashboard);
        context.feed.subscribe(move |event| with_dashboard(&feed, |dashboard| dashboard.handle_log_event(event)));
        let keys = Rc::downgrade(&dashboard);
        use_shortcuts(move |key| with_dashboard(&keys, |dashboard| dashboard.handle_shortcut(key)));
        let (sections, cards) = (context.sections, Rc::downgrade(&dashboard));
        Effect::new(move || {
            sections.track();
            // The effects that update the cards' elements run first.
            let cards = cards.clone();
            request_animation_frame(move || with_dashboard(&cards, Dashboard::sync_cards));
        });
        let dashboard = SendWrapper::new(dashboard);
        on_cleanup(move || dashboard.stop());
    });
}

/// Refetches the page when the first log of an experiment arrives.
///
/// # Server-side rendering
/// Does nothing.
pub(super) fn wait_for_first_log(context: LogsContext) {
    Effect::new(move || {
        let refetch = context.refetch.clone();
        context.feed.subscribe(move |_: LogEvent| refetch());
    });
}

/// The state of the dashboard in the browser. See the module.
struct Dashboard {
    this: Weak<Self>,
    context: LogsContext,
    root: HtmlElement,
    toasts: Toaster,
    view_state: RefCell<LogsViewState>,
    colors: RefCell<ThemeColors>,
    /// The cards with their keys, and the copy at full size under [`EXPANDED`].
    cards: RefCell<Vec<(String, CardState)>>,
    /// Whether plotly.js could be loaded; `None` until that is known.
    library: Cell<Option<bool>>,
    /// Whether loading of plotly.js has started.
    loading: Cell<bool>,
    /// Refetching of the whole dashboard.
    refetch: RefCell<RefetchState>,
    update_scheduled: Cell<bool>,
    stopped: Cell<bool>,
    listeners: RefCell<Option<events::Listeners>>,
    /// The log name of the card that is being dragged.
    dragged: RefCell<Option<String>>,
    /// Whether a layout is being saved.
    saving_layout: Cell<bool>,
    /// The number of changes of the text in "Find rows", to wait until it stays the same.
    search_changes: Cell<u32>,
}

impl Dashboard {
    fn new(context: LogsContext, view_state: LogsViewState, root: HtmlElement, toasts: Toaster) -> Rc<Self> {
        let dashboard = Rc::new_cyclic(|this| Self {
            this: this.clone(),
            context,
            root,
            toasts,
            view_state: RefCell::new(view_state),
            colors: RefCell::new(ThemeColors::read_from_page()),
            cards: RefCell::default(),
            library: Cell::new(None),
            loading: Cell::new(false),
            refetch: RefCell::default(),
            update_scheduled: Cell::new(false),
            stopped: Cell::new(false),
            listeners: RefCell::default(),
            dragged: RefCell::default(),
            saving_layout: Cell::new(false),
            search_changes: Cell::new(0),
        });
        dashboard.listeners.replace(events::Listeners::new(&dashboard));
        dashboard
    }

    fn stop(&self) {
        self.stopped.set(true);
        self.listeners.take();
        for (_, mut state) in self.cards.take() {
            state.erase();
        }
    }

    /// Calls `with` with the card; `None` if it does not exist.
    fn with_card<T>(&self, key: &str, with: impl FnOnce(&mut CardState) -> T) -> Option<T> {
        self.cards.try_borrow_mut().ok()?.iter_mut().find(|(known, _)| known == key).map(|(_, state)| with(state))
    }

    /// Removes and returns the card.
    fn remove_card(&self, key: &str) -> Option<CardState> {
        let mut cards = self.cards.try_borrow_mut().ok()?;
        let index = cards.iter().position(|(known, _)| known == key)?;
        Some(cards.swap_remove(index).1)
    }

    /// Calls `each` with every card and its key.
    fn for_each_card(&self, mut each: impl FnMut(&str, &mut CardState)) {
        if let Ok(mut cards) = self.cards.try_borrow_mut() {
            cards.iter_mut().for_each(|(key, state)| each(key, state));
        }
    }

    fn keys(&self) -> Vec<String> {
        self.cards.borrow().iter().map(|(key, _)| key.clone()).collect()
    }

    fn view_state(&self) -> LogsViewState {
        self.view_state.borrow().clone()
    }

    fn sections(&self) -> Vec<CardSection> {
        self.context.sections.try_get_untracked().unwrap_or_default()
    }
}

/// Calls `use_it` unless the dashboard is gone.
fn with_dashboard(dashboard: &Weak<Dashboard>, use_it: impl FnOnce(&Dashboard)) {
    if let Some(dashboard) = dashboard.upgrade().filter(|dashboard| !dashboard.stopped.get()) {
        use_it(&dashboard);
    }
}
