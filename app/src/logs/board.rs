//! The dashboard in the browser: what draws charts, keeps cards true and answers to what is pressed.
//!
//! The cards are built once, by `view`, as plain HTML. From then on one [`Board`] owns what changes inside of them: it
//! listens at the dashboard's root to all events, draws the cards that are in sight, and asks for what they lack. A page
//! with hundreds of cards so has a handful of listeners, and the WASM one piece of code for all kinds.
//!
//! Nothing here panics: an element that is not there is left alone.

mod arrange;
mod asking;
mod cards;
mod dom;
mod draw;
mod events;
mod figure;
mod full;
mod hear;
mod lines;
mod menu;
mod overlay;
mod pictures;
mod plot;
mod save;
mod sight;
mod table;
mod work;

use std::{
    cell::{Cell, RefCell},
    rc::{Rc, Weak},
};

use leptos::{html, prelude::*};
use send_wrapper::SendWrapper;
use web_sys::HtmlElement;

use super::{context::LogsContext, sections::CardSection, url_state::LogsViewState};
use crate::{live::LogEvent, plot::ThemeColors, shortcuts::use_shortcuts, ui::Toaster};
use asking::Asking;
use plot::Plot;

/// The key of the card that is shown at full size, among [`Board::plots`].
const FULL: &str = "full";

/// Keeps the dashboard in `root` alive for as long as it is on the page.
///
/// # Server-side rendering
/// Does nothing.
pub(super) fn start(page: LogsContext, look: LogsViewState, root: NodeRef<html::Div>) {
    let toasts = crate::ui::use_toasts();
    Effect::new(move || {
        let Some(root) = root.get() else { return };
        let board = Board::new(page.clone(), look.clone(), root.into(), toasts);
        let feed = Rc::downgrade(&board);
        page.feed.subscribe(move |heard| with(&feed, |board| board.hear(heard)));
        let keys = Rc::downgrade(&board);
        use_shortcuts(move |key| with(&keys, |board| board.press(key)));
        let (sections, cards) = (page.sections, Rc::downgrade(&board));
        Effect::new(move || {
            sections.track();
            // The page's own effects put the cards there first.
            let cards = cards.clone();
            request_animation_frame(move || with(&cards, Board::scan));
        });
        let board = SendWrapper::new(board);
        on_cleanup(move || board.stop());
    });
}

/// Waits for the first log of an experiment that has none.
///
/// # Server-side rendering
/// Does nothing.
pub(super) fn listen_for_the_first(page: LogsContext) {
    Effect::new(move || {
        let again = page.refetch.clone();
        page.feed.subscribe(move |_: LogEvent| again());
    });
}

/// See the module.
struct Board {
    this: Weak<Self>,
    page: LogsContext,
    root: HtmlElement,
    toasts: Toaster,
    look: RefCell<LogsViewState>,
    paints: RefCell<ThemeColors>,
    /// What is drawn or shown, by the cards' keys.
    plots: RefCell<Vec<(String, Plot)>>,
    /// Whether the library is there; none while that is not known.
    library: Cell<Option<bool>>,
    loading: Cell<bool>,
    /// Reading the whole dashboard again.
    again: RefCell<Asking>,
    /// Whether work is about to be done.
    woken: Cell<bool>,
    stopped: Cell<bool>,
    listeners: RefCell<Option<events::Listeners>>,
    /// The name of the card that is being dragged.
    dragged: RefCell<Option<String>>,
    /// A change of the layout is on its way to the server.
    arranging: Cell<bool>,
}

impl Board {
    fn new(page: LogsContext, look: LogsViewState, root: HtmlElement, toasts: Toaster) -> Rc<Self> {
        let board = Rc::new_cyclic(|this| Self {
            this: this.clone(),
            page,
            root,
            toasts,
            look: RefCell::new(look),
            paints: RefCell::new(ThemeColors::read_from_page()),
            plots: RefCell::default(),
            library: Cell::new(None),
            loading: Cell::new(false),
            again: RefCell::default(),
            woken: Cell::new(false),
            stopped: Cell::new(false),
            listeners: RefCell::default(),
            dragged: RefCell::default(),
            arranging: Cell::new(false),
        });
        board.listeners.replace(events::Listeners::new(&board));
        board
    }

    fn stop(&self) {
        self.stopped.set(true);
        self.listeners.take();
        for (_, mut plot) in self.plots.take() {
            plot.erase();
        }
    }

    /// Does something with a card; none when there is no such card.
    fn plot<T>(&self, key: &str, with: impl FnOnce(&mut Plot) -> T) -> Option<T> {
        self.plots.try_borrow_mut().ok()?.iter_mut().find(|(known, _)| known == key).map(|(_, plot)| with(plot))
    }

    /// Takes a card out.
    fn take(&self, key: &str) -> Option<Plot> {
        let mut plots = self.plots.try_borrow_mut().ok()?;
        let place = plots.iter().position(|(known, _)| known == key)?;
        Some(plots.swap_remove(place).1)
    }

    /// Does something with every card.
    fn each(&self, mut each: impl FnMut(&str, &mut Plot)) {
        if let Ok(mut plots) = self.plots.try_borrow_mut() {
            plots.iter_mut().for_each(|(key, plot)| each(key, plot));
        }
    }

    fn keys(&self) -> Vec<String> {
        self.plots.borrow().iter().map(|(key, _)| key.clone()).collect()
    }

    fn look(&self) -> LogsViewState {
        self.look.borrow().clone()
    }

    fn sections(&self) -> Vec<CardSection> {
        self.page.sections.try_get_untracked().unwrap_or_default()
    }
}

/// Does something with a board that may be gone.
fn with(board: &Weak<Board>, what: impl FnOnce(&Board)) {
    if let Some(board) = board.upgrade().filter(|board| !board.stopped.get()) {
        what(&board);
    }
}
