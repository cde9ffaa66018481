//! What is pressed, typed, chosen and dragged, anywhere on the dashboard.

use leptos::prelude::*;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{
    Element, Event, HtmlDetailsElement, HtmlElement, HtmlInputElement, KeyboardEvent, MediaQueryList, MutationObserver,
    MutationObserverInit,
};

use super::{
    super::url_state::{LogsViewState, XAxisMode},
    Board,
    dom::{around, find, find_all},
    sight::Sight,
    with,
};
use crate::plot::ThemeColors;

/// The events that are heard at the dashboard's root, most of them on their way down, because not all come up again.
const EVENTS: [&str; 12] = [
    "input",
    "change",
    "submit",
    "toggle",
    "keydown",
    "wheel",
    "dragstart",
    "dragover",
    "dragleave",
    "drop",
    "dragend",
    "close",
];

/// All that the board listens to.
pub(super) struct Listeners {
    root: HtmlElement,
    heard: Closure<dyn FnMut(Event)>,
    theme: Closure<dyn FnMut()>,
    system: Option<MediaQueryList>,
    chosen: Option<MutationObserver>,
    sight: Option<Sight>,
}

impl Listeners {
    pub(super) fn new(board: &Board) -> Option<Self> {
        let (events, themes) = (board.this.clone(), board.this.clone());
        let heard = Closure::<dyn FnMut(Event)>::new(move |event: Event| with(&events, |board| board.event(&event)));
        let theme = Closure::<dyn FnMut()>::new(move || with(&themes, Board::dress));
        for event in EVENTS {
            let function = heard.as_ref().unchecked_ref();
            board.root.add_event_listener_with_callback_and_bool(event, function, true).ok()?;
        }
        // Clicks beside the dashboard close its menus too.
        document().add_event_listener_with_callback("click", heard.as_ref().unchecked_ref()).ok()?;

        let system = window().match_media("(prefers-color-scheme: dark)").ok().flatten();
        if let Some(system) = &system {
            system.set_onchange(Some(theme.as_ref().unchecked_ref()));
        }
        let chosen = MutationObserver::new(theme.as_ref().unchecked_ref()).ok();
        if let (Some(chosen), Some(root)) = (&chosen, document().document_element()) {
            let attributes = MutationObserverInit::new();
            attributes.set_attributes(true);
            attributes.set_attribute_filter(&js_sys::Array::of1(&"data-theme".into()));
            chosen.observe_with_options(&root, &attributes).ok()?;
        }
        Some(Self { root: board.root.clone(), heard, theme, system, chosen, sight: Sight::new(board) })
    }
}

impl Drop for Listeners {
    fn drop(&mut self) {
        let function = self.heard.as_ref().unchecked_ref();
        for event in EVENTS {
            _ = self.root.remove_event_listener_with_callback_and_bool(event, function, true);
        }
        _ = document().remove_event_listener_with_callback("click", function);
        if let Some(system) = &self.system {
            system.set_onchange(None);
        }
        if let Some(chosen) = &self.chosen {
            chosen.disconnect();
        }
        // After the last one that could call it.
        _ = &self.theme;
    }
}

impl Board {
    /// Watches whether a card is in sight.
    pub(super) fn observe(&self, article: &Element) {
        if let Some(sight) = self.listeners.borrow().as_ref().and_then(|listeners| listeners.sight.as_ref()) {
            sight.observer.observe(article);
        }
    }

    /// Takes the colours of the theme that is shown now.
    fn dress(&self) {
        let paints = ThemeColors::read_from_page();
        if *self.paints.borrow() != paints {
            self.paints.replace(paints);
            self.redraw();
        }
    }

    /// Draws everything anew, what is out of sight when it comes.
    pub(super) fn redraw(&self) {
        self.each(|_, plot| plot.redraw = true);
        self.wake(0);
    }

    fn event(&self, event: &Event) {
        let Some(target) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else { return };
        match event.type_().as_str() {
            "click" => self.click(event, &target),
            "input" => self.input(&target),
            "change" => self.choose(&target),
            "submit" => event.prevent_default(),
            "toggle" => self.toggle(&target),
            "keydown" => self.key_down(event, &target),
            "wheel" => self.wheel(event, &target),
            "close" => self.closed(),
            _ => self.drag(event, &target),
        }
    }

    fn click(&self, event: &Event, target: &Element) {
        for menu in find_all(&self.root, "details.disclosure[open]") {
            let inside = menu.contains(Some(target));
            let followed = around(target, "a, .menu-item").is_some();
            if !inside || followed {
                close(&menu);
            }
        }
        let Some(button) = around(target, "[data-do]").filter(|button| self.root.contains(Some(button))) else {
            return;
        };
        event.prevent_default();
        let key = around(&button, "[data-card]").and_then(|card| card.get_attribute("data-card")).unwrap_or_default();
        self.press_button(&button.get_attribute("data-do").unwrap_or_default(), &key, &button);
    }

    fn input(&self, target: &Element) {
        let Some(input) = target.dyn_ref::<HtmlInputElement>() else { return };
        match input.name().as_str() {
            "q" => {
                self.look.borrow_mut().filter = input.value();
                self.filter();
                self.write_address();
            }
            "smooth" => {
                self.look.borrow_mut().smoothing = input.value().parse().unwrap_or(0).min(LogsViewState::MAX_SMOOTHING);
                self.redraw();
                self.write_address();
            }
            "version" => self.turn_to_picture(input),
            "find" => super::table::keep_rows(&self.root, &input.value()),
            _ => {}
        }
    }

    fn choose(&self, target: &Element) {
        let checked = target.dyn_ref::<HtmlInputElement>().is_some_and(HtmlInputElement::checked);
        let name = target.get_attribute("name").unwrap_or_default();
        {
            let mut look = self.look.borrow_mut();
            match name.as_str() {
                "x" => {
                    let word = target.dyn_ref::<web_sys::HtmlSelectElement>().map(web_sys::HtmlSelectElement::value);
                    let before = look.zoom_coordinate();
                    look.axis = XAxisMode::from_query_value(&word.unwrap_or_default());
                    if look.zoom_coordinate() != before {
                        look.zoom = None;
                    }
                }
                "log_x" => look.log_x = checked,
                "log_y" => look.log_y = checked,
                "together" => {
                    look.independent_zoom = !checked;
                    look.zoom = None;
                }
                _ => return,
            }
        }
        self.say_zoom();
        self.redraw();
        self.write_address();
    }

    fn toggle(&self, target: &Element) {
        let Some(details) = target.dyn_ref::<HtmlDetailsElement>() else { return };
        if let Some(section) = details.get_attribute("data-section") {
            self.fold(&section, !details.open());
        } else if details.open() {
            self.fill(details);
        }
    }

    fn key_down(&self, event: &Event, target: &Element) {
        let Some(key) = event.dyn_ref::<KeyboardEvent>().map(KeyboardEvent::key) else { return };
        if key == "Escape" {
            if let Some(menu) = around(target, "details.disclosure[open]") {
                event.prevent_default();
                close(&menu);
                _ = find(&menu, "summary").map(|summary| summary.focus());
            } else if around(target, "dialog").is_some() {
                // A search field would take the key for itself. Closing gives the focus back, and that is an event of its own,
                // which cannot be heard while this one is.
                event.prevent_default();
                let this = self.this.clone();
                set_timeout(move || with(&this, Self::close), std::time::Duration::ZERO);
            }
        } else if around(target, "dialog").is_some() && target.tag_name() != "INPUT" {
            self.press_in_dialog(&key);
        }
    }

    /// A key that was pressed outside of inputs and dialogs.
    pub(super) fn press(&self, key: &str) {
        match key {
            "/" => {
                let root = self.root.clone();
                // The key itself is typed before.
                let focus = move || _ = find(&root, "[name=q]").map(|input| input.focus());
                set_timeout(focus, std::time::Duration::ZERO);
            }
            "j" => self.step(true),
            "k" => self.step(false),
            "f" => {
                if let Some(key) = self.current().and_then(|card| card.get_attribute("data-card")) {
                    self.open(&key);
                }
            }
            "[" | "]" => {
                let by = if key == "[" { -1 } else { 1 };
                if let Some(card) = self.current().and_then(|card| card.get_attribute("data-card")) {
                    self.turn_picture(&card, by);
                }
            }
            _ => {}
        }
    }

    /// The card that has the focus, or is pointed at.
    fn current(&self) -> Option<HtmlElement> {
        let focused = document().active_element().and_then(|focused| around(&focused, "article[data-card]"));
        focused.or_else(|| find(&self.root, "article[data-card]:hover"))
    }

    fn step(&self, forward: bool) {
        let mut cards = find_all(&self.root, "article[data-card]:not([hidden])");
        cards.retain(|card| card.offset_height() > 0);
        let current =
            self.current().and_then(|current| cards.iter().position(|card| card.is_same_node(Some(&current))));
        let next = match current {
            Some(place) if forward => place + 1,
            Some(place) => place.saturating_sub(1),
            None => 0,
        };
        if let Some(card) = cards.get(next) {
            _ = card.focus();
            let nearest = web_sys::ScrollIntoViewOptions::new();
            nearest.set_block(web_sys::ScrollLogicalPosition::Nearest);
            card.scroll_into_view_with_scroll_into_view_options(&nearest);
        }
    }

    /// Shows whether there is a zoom to reset.
    pub(super) fn say_zoom(&self) {
        let look = self.look();
        let any = if look.independent_zoom {
            self.plots.borrow().iter().any(|(_, plot)| plot.zoom.is_some())
        } else {
            look.zoom.is_some()
        };
        if let Some(button) = find(&self.root, "[data-do=reset]") {
            button.set_hidden(!any);
        }
    }

    /// Writes how the dashboard is looked at into the page's address.
    pub(super) fn write_address(&self) {
        let query = self.look().to_query(|text| js_sys::encode_uri_component(text).into());
        let Ok(history) = window().history() else { return };
        let path = window().location().pathname().unwrap_or_default();
        let state = history.state().unwrap_or_default();
        // Refused when it happens too often; the next change will tell.
        _ = history.replace_state_with_url(&state, "", Some(&format!("{path}{query}")));
    }
}

fn close(menu: &HtmlElement) {
    if let Some(details) = menu.dyn_ref::<HtmlDetailsElement>() {
        details.set_open(false);
    }
}
