//! Event delegation for the tab, and its keyboard shortcuts.

use domain::ids::ArtifactId;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Element, Event, HtmlElement, HtmlInputElement, MouseEvent};

use super::{
    context::ArtifactsContext,
    url_state::{OpenPanel, PanelKind},
};
use crate::{
    shortcuts::use_shortcuts,
    ui::{ToastKind, Toaster, copy_to_clipboard, use_toasts},
};

/// Fires when a popover opens or closes.
const TOGGLE: &str = "toggle";
const EVENTS: [&str; 3] = ["click", "change", TOGGLE];

/// Listens for events at the tab's root until the tab is removed from the page.
///
/// # Server-side rendering
/// Does nothing.
pub(super) fn listen_for_events(context: ArtifactsContext) {
    let toasts = use_toasts();
    Effect::new(move || {
        let Some(root) = context.root.get() else { return };
        // At the root itself, so that this listener runs before the router's, which follows links.
        let callback = Closure::<dyn FnMut(Event)>::new(move |event: Event| handle_event(context, toasts, &event));
        let listener = (HtmlElement::from(root), callback);
        for event in EVENTS {
            // Never fails. `toggle` does not bubble, so it is caught in the capture phase.
            _ = listener.0.add_event_listener_with_callback_and_bool(
                event,
                listener.1.as_ref().unchecked_ref(),
                event == TOGGLE,
            );
        }
        let listener = send_wrapper::SendWrapper::new(listener);
        on_cleanup(move || {
            for event in EVENTS {
                let callback = listener.1.as_ref().unchecked_ref();
                _ = listener.0.remove_event_listener_with_callback_and_bool(event, callback, event == TOGGLE);
            }
        });
    });
    use_shortcuts(move |key| _ = handle_key(context, key));
}

fn handle_event(context: ArtifactsContext, toasts: Toaster, event: &Event) {
    let Some(target) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else { return };
    if event.type_() == TOGGLE {
        // A menu closes when its row moves, so rows keep their order meanwhile.
        context.menu_open.set(target.matches(":popover-open").unwrap_or(false));
    } else if event.type_() == "change" {
        _ = update_selection(context, &target);
    } else if let Some(button) = closest_html(&target, "[data-copy]") {
        copy_text_of(toasts, &button);
        hide_menu_around(&button);
    } else if let Some(link) = closest_html(&target, "a") {
        if let Some(panel) = panel_of_link(&link)
            && is_plain_click(event)
        {
            event.prevent_default();
            context.open_panel(panel);
        }
        hide_menu_around(&link);
    }
}

/// Returns whether this is a click of the main button without a modifier key. Others open a new window or tab.
fn is_plain_click(event: &Event) -> bool {
    event.dyn_ref::<MouseEvent>().is_some_and(|click| {
        click.button() == 0 && !click.ctrl_key() && !click.meta_key() && !click.shift_key() && !click.alt_key()
    })
}

/// Returns the panel that a link opens, or `None` for other links. The link's address names the panel too, but with the
/// search and sort order of the time when it was rendered.
fn panel_of_link(link: &Element) -> Option<OpenPanel> {
    let kind = PanelKind::from_query_value(&link.get_attribute("data-open")?);
    let artifact: ArtifactId = link.get_attribute("data-artifact")?.parse().ok()?;
    let version = link.get_attribute("data-version").and_then(|version| version.parse().ok());
    Some(OpenPanel { version, ..OpenPanel::for_artifact(kind, artifact) })
}

fn update_selection(context: ArtifactsContext, target: &Element) -> Option<()> {
    let input = target.dyn_ref::<HtmlInputElement>().filter(|input| input.name() == "artifact")?;
    let id: ArtifactId = input.value().parse().ok()?;
    let checked = input.checked();
    context.selected.update(|selected| {
        selected.retain(|known| *known != id);
        if checked {
            selected.push(id);
        }
    });
    Some(())
}

fn copy_text_of(toasts: Toaster, button: &Element) {
    let text = button.get_attribute("data-copy").unwrap_or_default();
    let text = if text.starts_with('/') { window().location().origin().unwrap_or_default() + &text } else { text };
    if copy_to_clipboard(&text).is_some() {
        toasts.show(ToastKind::Success, button.get_attribute("data-copied-message").unwrap_or_default());
    }
}

/// Closes the menu around an element, so that its button has the focus again before a panel opens.
fn hide_menu_around(element: &Element) {
    if let Some(menu) = closest_html(element, "[popover]") {
        // Deferred, because hiding moves the focus, and that would fire an event within this one.
        set_timeout(move || _ = menu.hide_popover(), std::time::Duration::ZERO);
    }
}

/// `/` focuses the search, `j` and `k` move to the next and previous row, `x` selects a row.
fn handle_key(context: ArtifactsContext, key: &str) -> Option<()> {
    let root: Element = context.root.try_get_untracked()??.into();
    match key {
        "/" => {
            let input = query_selector(&root, "[name=q]")?;
            // Deferred, so that the key itself is not typed into the input.
            set_timeout(move || _ = input.focus(), std::time::Duration::ZERO);
        }
        "j" | "k" => {
            let links = root.query_selector_all(".artifact-name > a:first-child").ok()?;
            let current = current_row(&root).and_then(|row| query_selector(&row, ".artifact-name > a"));
            let index = (0..links.length()).find(|index| {
                links.get(*index).is_some_and(|link| link.is_same_node(current.as_ref().map(AsRef::as_ref)))
            });
            let next = match index {
                Some(index) if key == "j" => index + 1,
                Some(index) => index.checked_sub(1)?,
                None => 0,
            };
            links.get(next)?.dyn_into::<HtmlElement>().ok()?.focus().ok()?;
        }
        "x" => {
            let row = current_row(&root)?;
            query_selector(&row, ".row-select input")?.click();
        }
        _ => {}
    }
    Some(())
}

/// Returns the row that has the focus, or else the row under the pointer.
fn current_row(root: &Element) -> Option<HtmlElement> {
    let focused = document().active_element().and_then(|focused| closest_html(&focused, "tr.artifact"));
    focused.or_else(|| query_selector(root, "tr.artifact:hover"))
}

fn query_selector(root: &Element, selector: &str) -> Option<HtmlElement> {
    root.query_selector(selector).ok()??.dyn_into().ok()
}

fn closest_html(element: &Element, selector: &str) -> Option<HtmlElement> {
    element.closest(selector).ok()??.dyn_into().ok()
}
