//! Event delegation: handles clicks, input, keys and drags anywhere on the dashboard.

use leptos::prelude::*;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{
    Element, Event, HtmlDetailsElement, HtmlElement, HtmlInputElement, KeyboardEvent, MediaQueryList, MutationObserver,
    MutationObserverInit,
};

use super::{
    super::url_state::{LogsViewState, XAxisMode},
    Dashboard,
    dom::{closest, query_selector, query_selector_all},
    visibility::VisibilityObserver,
    with_dashboard,
};
use crate::plot::ThemeColors;

/// The events handled at the dashboard's root, in the capture phase because some of them do not bubble.
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

/// The dashboard's event listeners and observers, removed on drop.
pub(super) struct Listeners {
    root: HtmlElement,
    on_event: Closure<dyn FnMut(Event)>,
    on_theme_change: Closure<dyn FnMut()>,
    system_theme: Option<MediaQueryList>,
    chosen_theme: Option<MutationObserver>,
    visibility: Option<VisibilityObserver>,
}

impl Listeners {
    pub(super) fn new(dashboard: &Dashboard) -> Option<Self> {
        let (events, themes) = (dashboard.this.clone(), dashboard.this.clone());
        let on_event = Closure::<dyn FnMut(Event)>::new(move |event: Event| {
            with_dashboard(&events, |dashboard| dashboard.handle_event(&event))
        });
        let on_theme_change = Closure::<dyn FnMut()>::new(move || with_dashboard(&themes, Dashboard::apply_theme));
        for event in EVENTS {
            let function = on_event.as_ref().unchecked_ref();
            dashboard.root.add_event_listener_with_callback_and_bool(event, function, true).ok()?;
        }
        // Clicks outside the dashboard close its menus too.
        document().add_event_listener_with_callback("click", on_event.as_ref().unchecked_ref()).ok()?;

        let system_theme = window().match_media("(prefers-color-scheme: dark)").ok().flatten();
        if let Some(system) = &system_theme {
            system.set_onchange(Some(on_theme_change.as_ref().unchecked_ref()));
        }
        let chosen_theme = MutationObserver::new(on_theme_change.as_ref().unchecked_ref()).ok();
        if let (Some(chosen), Some(root)) = (&chosen_theme, document().document_element()) {
            let attributes = MutationObserverInit::new();
            attributes.set_attributes(true);
            attributes.set_attribute_filter(&js_sys::Array::of1(&"data-theme".into()));
            chosen.observe_with_options(&root, &attributes).ok()?;
        }
        Some(Self {
            root: dashboard.root.clone(),
            on_event,
            on_theme_change,
            system_theme,
            chosen_theme,
            visibility: VisibilityObserver::new(dashboard),
        })
    }
}

impl Drop for Listeners {
    fn drop(&mut self) {
        let function = self.on_event.as_ref().unchecked_ref();
        for event in EVENTS {
            _ = self.root.remove_event_listener_with_callback_and_bool(event, function, true);
        }
        _ = document().remove_event_listener_with_callback("click", function);
        if let Some(system) = &self.system_theme {
            system.set_onchange(None);
        }
        if let Some(chosen) = &self.chosen_theme {
            chosen.disconnect();
        }
        // Dropped after everything that could call it.
        _ = &self.on_theme_change;
    }
}

impl Dashboard {
    /// Starts to track whether a card is visible.
    pub(super) fn observe(&self, article: &Element) {
        if let Some(visibility) = self.listeners.borrow().as_ref().and_then(|listeners| listeners.visibility.as_ref()) {
            visibility.observer.observe(article);
        }
    }

    /// Redraws all charts if the theme's colors have changed.
    fn apply_theme(&self) {
        let colors = ThemeColors::read_from_page();
        if *self.colors.borrow() != colors {
            self.colors.replace(colors);
            self.redraw();
        }
    }

    /// Redraws all charts; those of hidden cards when they become visible.
    pub(super) fn redraw(&self) {
        self.for_each_card(|_, state| state.redraw = true);
        self.schedule_update(0);
    }

    fn handle_event(&self, event: &Event) {
        let Some(target) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else { return };
        match event.type_().as_str() {
            "click" => self.handle_click(event, &target),
            "input" => self.handle_input(&target),
            "change" => self.handle_change(&target),
            // The server filters the logs of all pages.
            "submit" if self.context.dashboard.try_with_untracked(|data| data.paged).unwrap_or_default() => {}
            "submit" => event.prevent_default(),
            "toggle" => self.handle_toggle(&target),
            "keydown" => self.handle_key_down(event, &target),
            "wheel" => self.handle_wheel(event, &target),
            "close" => self.handle_dialog_closed(),
            _ => self.handle_drag(event, &target),
        }
    }

    fn handle_click(&self, event: &Event, target: &Element) {
        for menu in query_selector_all(&self.root, "details.disclosure[open]") {
            let inside = menu.contains(Some(target));
            let followed = closest(target, "a, .menu-item").is_some();
            if !inside || followed {
                close_menu(&menu);
            }
        }
        let Some(button) = closest(target, "[data-do]").filter(|button| self.root.contains(Some(button))) else {
            return;
        };
        event.prevent_default();
        let key = closest(&button, "[data-card]").and_then(|card| card.get_attribute("data-card")).unwrap_or_default();
        self.perform_action(&button.get_attribute("data-do").unwrap_or_default(), &key, &button);
    }

    fn handle_input(&self, target: &Element) {
        let Some(input) = target.dyn_ref::<HtmlInputElement>() else { return };
        match input.name().as_str() {
            "q" => {
                self.view_state.borrow_mut().filter = input.value();
                self.apply_filter();
                self.update_url();
            }
            "smooth" => {
                self.view_state.borrow_mut().smoothing =
                    input.value().parse().unwrap_or(0).min(LogsViewState::MAX_SMOOTHING);
                self.redraw();
                self.update_url();
            }
            "version" => self.select_image_version(input),
            "find" => self.search_table(&input.value()),
            _ => {}
        }
    }

    fn handle_change(&self, target: &Element) {
        let checked = target.dyn_ref::<HtmlInputElement>().is_some_and(HtmlInputElement::checked);
        let name = target.get_attribute("name").unwrap_or_default();
        {
            let mut view_state = self.view_state.borrow_mut();
            match name.as_str() {
                "x" => {
                    let word = target.dyn_ref::<web_sys::HtmlSelectElement>().map(web_sys::HtmlSelectElement::value);
                    let before = view_state.zoom_coordinate();
                    view_state.axis = XAxisMode::from_query_value(&word.unwrap_or_default());
                    if view_state.zoom_coordinate() != before {
                        view_state.zoom = None;
                    }
                }
                "log_x" => view_state.log_x = checked,
                "log_y" => view_state.log_y = checked,
                "together" => {
                    view_state.independent_zoom = !checked;
                    view_state.zoom = None;
                }
                _ => return,
            }
        }
        self.update_reset_button();
        self.redraw();
        self.update_url();
    }

    fn handle_toggle(&self, target: &Element) {
        let Some(details) = target.dyn_ref::<HtmlDetailsElement>() else { return };
        if let Some(section) = details.get_attribute("data-section") {
            self.set_folded(&section, !details.open());
        } else if details.open() {
            self.fill_menu(details);
        }
    }

    fn handle_key_down(&self, event: &Event, target: &Element) {
        let Some(key) = event.dyn_ref::<KeyboardEvent>().map(KeyboardEvent::key) else { return };
        if key == "Escape" {
            if let Some(menu) = closest(target, "details.disclosure[open]") {
                event.prevent_default();
                close_menu(&menu);
                _ = query_selector(&menu, "summary").map(|summary| summary.focus());
            } else if closest(target, "dialog").is_some() {
                // A search field would handle the key itself. Closing moves the focus, which dispatches an event that cannot
                // be handled while this one is, so close later.
                event.prevent_default();
                let this = self.this.clone();
                set_timeout(move || with_dashboard(&this, Self::close_expanded), std::time::Duration::ZERO);
            }
        } else if closest(target, "dialog").is_some() && target.tag_name() != "INPUT" {
            self.handle_dialog_key(&key);
        }
    }

    /// Handles a key pressed outside inputs and dialogs.
    pub(super) fn handle_shortcut(&self, key: &str) {
        match key {
            "/" => {
                let root = self.root.clone();
                // Later, so that the key is not typed into the field.
                let focus = move || _ = query_selector(&root, "[name=q]").map(|input| input.focus());
                set_timeout(focus, std::time::Duration::ZERO);
            }
            "j" => self.focus_next_card(true),
            "k" => self.focus_next_card(false),
            "f" => {
                if let Some(key) = self.current_card().and_then(|card| card.get_attribute("data-card")) {
                    self.open_expanded(&key);
                }
            }
            "[" | "]" => {
                let by = if key == "[" { -1 } else { 1 };
                if let Some(card) = self.current_card().and_then(|card| card.get_attribute("data-card")) {
                    self.step_image_version(&card, by);
                }
            }
            _ => {}
        }
    }

    /// Returns the focused card, or else the one under the mouse pointer.
    fn current_card(&self) -> Option<HtmlElement> {
        let focused = document().active_element().and_then(|focused| closest(&focused, "article[data-card]"));
        focused.or_else(|| query_selector(&self.root, "article[data-card]:hover"))
    }

    /// Moves the focus to the next visible card, or to the previous one.
    fn focus_next_card(&self, forward: bool) {
        let mut cards = query_selector_all(&self.root, "article[data-card]:not([hidden])");
        cards.retain(|card| card.offset_height() > 0);
        let current =
            self.current_card().and_then(|current| cards.iter().position(|card| card.is_same_node(Some(&current))));
        let next = match current {
            Some(index) if forward => index + 1,
            Some(index) => index.saturating_sub(1),
            None => 0,
        };
        if let Some(card) = cards.get(next) {
            _ = card.focus();
            let nearest = web_sys::ScrollIntoViewOptions::new();
            nearest.set_block(web_sys::ScrollLogicalPosition::Nearest);
            card.scroll_into_view_with_scroll_into_view_options(&nearest);
        }
    }

    /// Shows the "Reset zoom" button if a zoom is set.
    pub(super) fn update_reset_button(&self) {
        let view_state = self.view_state();
        let any = if view_state.independent_zoom {
            self.cards.borrow().iter().any(|(_, state)| state.zoom.is_some())
        } else {
            view_state.zoom.is_some()
        };
        if let Some(button) = query_selector(&self.root, "[data-do=reset]") {
            button.set_hidden(!any);
        }
    }

    /// Writes the view state into the page's URL.
    pub(super) fn update_url(&self) {
        let query = self.view_state().to_query(|text| js_sys::encode_uri_component(text).into());
        let Ok(history) = window().history() else { return };
        let path = window().location().pathname().unwrap_or_default();
        let history_state = history.state().unwrap_or_default();
        // Fails if called too often; the next change writes the whole state again.
        _ = history.replace_state_with_url(&history_state, "", Some(&format!("{path}{query}")));
    }
}

fn close_menu(menu: &HtmlElement) {
    if let Some(details) = menu.dyn_ref::<HtmlDetailsElement>() {
        details.set_open(false);
    }
}
