//! The layout: order, sizes and collapsed sections. Changes apply at once; editors also save them for all users.

use domain::logs::{Direction, Layout, LogName, Size};
use leptos::{prelude::*, server_fn::ServerFn, task::spawn_local};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{DragEvent, Element, Event, UrlSearchParams};

use super::{
    super::{requests::SaveLayout, sections},
    Dashboard,
    dom::{closest, query_selector_all},
    with_dashboard,
};
use crate::{
    AppError,
    server_fn_client::over_http::{ServerFnResponse, post},
    ui::ToastKind,
};

impl Dashboard {
    /// Changes the layout on this page, and saves it if the user may.
    pub(super) fn change_layout(&self, change: impl FnOnce(&mut Layout)) {
        let Some((mut layout, version)) = self.context.layout.try_get_untracked() else { return };
        let before = layout.clone();
        change(&mut layout);
        if layout == before {
            return;
        }
        self.context.layout.try_set((layout, version));
        if self.root.has_attribute("data-arrange") {
            self.save_layout();
        }
    }

    /// Saves the current layout. One request is in flight at a time; later changes are sent after it.
    fn save_layout(&self) {
        if self.saving_layout.replace(true) {
            return;
        }
        let Some((layout, version)) = self.context.layout.try_get_untracked() else { return };
        let Some(fields) = self.layout_fields(&layout, version) else { return };
        let this = self.this.clone();
        spawn_local(async move {
            let outcome = post(SaveLayout::PATH, &fields).await;
            with_dashboard(&this, |dashboard| {
                dashboard.saving_layout.set(false);
                dashboard.handle_layout_saved(&layout, outcome);
            });
        });
    }

    fn handle_layout_saved(&self, sent: &Layout, outcome: Result<ServerFnResponse, AppError>) {
        match outcome {
            Ok(ServerFnResponse::Json(version)) => {
                let Ok(version) = version.parse() else { return };
                let now = self.context.layout.try_get_untracked().map(|(layout, _)| layout);
                let changed = now.as_ref() != Some(sent);
                // Only the version is new, so the signal's subscribers need not run.
                self.context.layout.try_update(|(_, known)| *known = version);
                if changed {
                    self.save_layout();
                }
            }
            Err(AppError::Conflict(_)) => {
                let text = "Someone else changed the layout. The page now shows their version; make your change again.";
                self.toasts.show(ToastKind::Warn, text);
                self.refetch.borrow_mut().stale = true;
                self.schedule_update(0);
            }
            Err(error) => self.toasts.show(ToastKind::Error, format!("Couldn't save the layout. {}", error.sentence())),
            Ok(ServerFnResponse::Redirect(_)) => {}
        }
    }

    fn layout_fields(&self, layout: &Layout, version: i64) -> Option<JsValue> {
        let fields = UrlSearchParams::new().ok()?;
        fields.append("experiment", &self.context.experiment.to_string());
        fields.append("layout", &serde_json::to_string(layout).ok()?);
        fields.append("version", &version.to_string());
        Some(fields.into())
    }

    /// Swaps a card with the next card of its section, or with the previous one.
    pub(super) fn move_card(&self, key: &str, after: bool) {
        let Some(name) = self.with_card(key, |state| state.name.clone()) else { return };
        let sections = self.sections();
        let order = sections::adjacent_log(&sections, &name, after)
            .and_then(|beside| sections::order_after_move(&sections, &name, beside, after));
        if let Some(order) = order {
            self.change_layout(|layout| sections::set_order(layout, order));
        }
    }

    /// Resizes a card by this many columns and rows.
    pub(super) fn resize_card(&self, key: &str, wide: i8, tall: i8) {
        let sections = self.sections();
        let mut cards = sections.iter().flat_map(|section| &section.cards);
        let Some(placed) = cards.find(|placed| placed.key == key) else { return };
        let Ok(name) = LogName::try_from(placed.name.clone()) else { return };
        let size = Size {
            wide: placed.size.wide.saturating_add_signed(wide).clamp(1, 3),
            tall: placed.size.tall.saturating_add_signed(tall).clamp(1, 2),
        };
        self.change_layout(|layout| _ = layout.sizes.insert(name, size));
    }

    /// Records in the layout in which direction a line gets better.
    pub(super) fn set_direction(&self, key: &str, direction: Direction) {
        let Some(name) = self.with_card(key, |state| state.name.clone()) else { return };
        let Ok(name) = LogName::try_from(name) else { return };
        self.change_layout(|layout| _ = layout.directions.insert(name, direction));
    }

    /// Records in the layout whether a section is collapsed.
    pub(super) fn set_folded(&self, section: &str, folded: bool) {
        self.change_layout(|layout| {
            let known = layout.folded.iter().any(|known| known == section);
            if folded && !known {
                layout.folded.push(section.to_owned());
            } else if !folded {
                layout.folded.retain(|known| known != section);
            }
        });
    }

    pub(super) fn fold_all(&self, folded: bool) {
        for section in query_selector_all(&self.root, "details[data-section]") {
            // Each section's `toggle` event updates the layout.
            _ = section.toggle_attribute_with_force("open", !folded);
        }
    }

    pub(super) fn reset_layout(&self) {
        self.change_layout(|layout| {
            layout.order.clear();
            layout.sizes.clear();
        });
    }

    /// Moves a dragged card before or after the card that it is dropped on, within the same section.
    pub(super) fn handle_drag(&self, event: &Event, target: &Element) {
        let Some(card) = closest(target, "article[data-card]") else { return };
        let name = card.get_attribute("data-name").unwrap_or_default();
        let event_name = event.type_();
        let set_drop_marker = |class: &str| {
            for marked in query_selector_all(&self.root, ".drop-before, .drop-after, .dragged") {
                _ = marked.class_list().remove_2("drop-before", "drop-after");
            }
            if !class.is_empty() {
                _ = card.class_list().add_1(class);
            }
        };
        if event_name == "dragstart" {
            _ = card.class_list().add_1("dragged");
            self.dragged.replace(Some(name));
            return;
        }
        let Some(dragged) = self.dragged.borrow().clone() else { return };
        let after = event.dyn_ref::<DragEvent>().is_some_and(|event| {
            let bounds = card.get_bounding_client_rect();
            f64::from(event.client_x()) > bounds.x() + bounds.width() / 2.0
        });
        match event_name.as_str() {
            "dragover" if self.is_in_same_section(&dragged, &name) => {
                event.prevent_default();
                set_drop_marker(if after { "drop-after" } else { "drop-before" });
            }
            "drop" => {
                event.prevent_default();
                set_drop_marker("");
                if let Some(order) = sections::order_after_move(&self.sections(), &dragged, &name, after) {
                    self.change_layout(|layout| sections::set_order(layout, order));
                }
            }
            "dragend" => {
                set_drop_marker("");
                _ = card.class_list().remove_1("dragged");
                self.dragged.replace(None);
            }
            _ => set_drop_marker(""),
        }
    }

    /// Returns whether two different logs are in the same section.
    fn is_in_same_section(&self, one: &str, other: &str) -> bool {
        one != other
            && self.sections().iter().any(|section| {
                let has = |name: &str| section.cards.iter().any(|placed| placed.card.is_some() && placed.name == name);
                has(one) && has(other)
            })
    }
}
