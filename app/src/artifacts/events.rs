//! What is pressed anywhere in the tab, and the keys.

use domain::ids::ArtifactId;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Element, Event, HtmlElement, HtmlInputElement, MouseEvent};

use super::{
    look::{Asked, What},
    page::Page,
};
use crate::{
    shortcuts::use_shortcuts,
    ui::{ToastKind, Toaster, copy_to_clipboard, use_toasts},
};

/// A menu was opened or closed.
const TOGGLE: &str = "toggle";
const EVENTS: [&str; 3] = ["click", "change", TOGGLE];

/// Listens at the tab's root for as long as it is on the page.
///
/// # Server-side rendering
/// Does nothing.
pub(super) fn listen(page: Page) {
    let toasts = use_toasts();
    Effect::new(move || {
        let Some(root) = page.root.get() else { return };
        // At the root itself, so that it comes before the router's listener, which follows links.
        let heard = Closure::<dyn FnMut(Event)>::new(move |event: Event| hear(page, toasts, &event));
        let kept = (HtmlElement::from(root), heard);
        for event in EVENTS {
            // Refused never. On the way down, because what menus tell does not come up again.
            _ = kept.0.add_event_listener_with_callback_and_bool(
                event,
                kept.1.as_ref().unchecked_ref(),
                event == TOGGLE,
            );
        }
        let kept = send_wrapper::SendWrapper::new(kept);
        on_cleanup(move || {
            for event in EVENTS {
                let function = kept.1.as_ref().unchecked_ref();
                _ = kept.0.remove_event_listener_with_callback_and_bool(event, function, event == TOGGLE);
            }
        });
    });
    use_shortcuts(move |key| _ = press(page, key));
}

fn hear(page: Page, toasts: Toaster, event: &Event) {
    let Some(target) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else { return };
    if event.type_() == TOGGLE {
        // A menu that is moved with its row would close.
        page.held.set(target.matches(":popover-open").unwrap_or(false));
    } else if event.type_() == "change" {
        _ = tick(page, &target);
    } else if let Some(button) = around(&target, "[data-copy]") {
        copy(toasts, &button);
        hide_menu(&button);
    } else if let Some(link) = around(&target, "a") {
        if let Some(asked) = asked(&link)
            && plain(event)
        {
            event.prevent_default();
            page.ask(asked);
        }
        hide_menu(&link);
    }
}

/// A click that no key makes into something else, such as opening another window.
fn plain(event: &Event) -> bool {
    event.dyn_ref::<MouseEvent>().is_some_and(|click| {
        click.button() == 0 && !click.ctrl_key() && !click.meta_key() && !click.shift_key() && !click.alt_key()
    })
}

/// What a link asks for. Its address says the same, but not how the table is looked at by now.
fn asked(link: &Element) -> Option<Asked> {
    let what = What::from_word(&link.get_attribute("data-open")?);
    let artifact: ArtifactId = link.get_attribute("data-artifact")?.parse().ok()?;
    let version = link.get_attribute("data-version").and_then(|version| version.parse().ok());
    Some(Asked { version, ..Asked::of(what, artifact) })
}

fn tick(page: Page, target: &Element) -> Option<()> {
    let input = target.dyn_ref::<HtmlInputElement>().filter(|input| input.name() == "artifact")?;
    let id: ArtifactId = input.value().parse().ok()?;
    let checked = input.checked();
    page.ticked.update(|ticked| {
        ticked.retain(|known| *known != id);
        if checked {
            ticked.push(id);
        }
    });
    Some(())
}

fn copy(toasts: Toaster, button: &Element) {
    let text = button.get_attribute("data-copy").unwrap_or_default();
    let text = if text.starts_with('/') { window().location().origin().unwrap_or_default() + &text } else { text };
    if copy_to_clipboard(&text).is_some() {
        toasts.show(ToastKind::Good, button.get_attribute("data-done").unwrap_or_default());
    }
}

/// Closes the menu around something, so that the focus is back at its button before a panel opens.
fn hide_menu(inside: &Element) {
    if let Some(menu) = around(inside, "[popover]") {
        // Not now: it moves the focus, which is an event within the event.
        set_timeout(move || _ = menu.hide_popover(), std::time::Duration::ZERO);
    }
}

/// `/` searches, `j` and `k` go from row to row, `x` ticks one.
fn press(page: Page, key: &str) -> Option<()> {
    let root: Element = page.root.try_get_untracked()??.into();
    match key {
        "/" => {
            let input = find(&root, "[name=q]")?;
            // The key itself is typed before.
            set_timeout(move || _ = input.focus(), std::time::Duration::ZERO);
        }
        "j" | "k" => {
            let links = root.query_selector_all(".artifact-name > a:first-child").ok()?;
            let current = current(&root).and_then(|row| find(&row, ".artifact-name > a"));
            let place = (0..links.length()).find(|place| {
                links.get(*place).is_some_and(|link| link.is_same_node(current.as_ref().map(AsRef::as_ref)))
            });
            let next = match place {
                Some(place) if key == "j" => place + 1,
                Some(place) => place.checked_sub(1)?,
                None => 0,
            };
            links.get(next)?.dyn_into::<HtmlElement>().ok()?.focus().ok()?;
        }
        "x" => {
            let row = current(&root)?;
            find(&row, ".tick input")?.click();
        }
        _ => {}
    }
    Some(())
}

/// The row that has the focus, or is pointed at.
fn current(root: &Element) -> Option<HtmlElement> {
    let focused = document().active_element().and_then(|focused| around(&focused, "tr.artifact"));
    focused.or_else(|| find(root, "tr.artifact:hover"))
}

fn find(inside: &Element, selector: &str) -> Option<HtmlElement> {
    inside.query_selector(selector).ok()??.dyn_into().ok()
}

fn around(element: &Element, selector: &str) -> Option<HtmlElement> {
    element.closest(selector).ok()??.dyn_into().ok()
}
