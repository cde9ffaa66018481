//! The layout: order, sizes and folds, changed here and kept on the server for everyone by those who may.

use domain::logs::{Layout, LogName, Size};
use leptos::{prelude::*, server_fn::ServerFn, task::spawn_local};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{DragEvent, Element, Event, UrlSearchParams};

use super::{
    super::{requests::SaveLayout, sections},
    Board,
    dom::{around, find_all},
    with,
};
use crate::{
    AppError,
    server_fn_client::over_http::{ServerFnResponse, post},
    ui::ToastKind,
};

impl Board {
    /// Changes the layout on this page, and on the server where the reader may.
    pub(super) fn arrange(&self, change: impl FnOnce(&mut Layout)) {
        let Some((mut layout, version)) = self.page.layout.try_get_untracked() else { return };
        let before = layout.clone();
        change(&mut layout);
        if layout == before {
            return;
        }
        self.page.layout.try_set((layout, version));
        if self.root.has_attribute("data-arrange") {
            self.keep_layout();
        }
    }

    /// Sends the layout as it is now, one at a time: what changes meanwhile is sent afterwards.
    fn keep_layout(&self) {
        if self.arranging.replace(true) {
            return;
        }
        let Some((layout, version)) = self.page.layout.try_get_untracked() else { return };
        let Some(fields) = self.fields(&layout, version) else { return };
        let this = self.this.clone();
        spawn_local(async move {
            let outcome = post(SaveLayout::PATH, &fields).await;
            with(&this, |board| {
                board.arranging.set(false);
                board.kept(&layout, outcome);
            });
        });
    }

    fn kept(&self, sent: &Layout, outcome: Result<ServerFnResponse, AppError>) {
        match outcome {
            Ok(ServerFnResponse::Json(version)) => {
                let Ok(version) = version.parse() else { return };
                let now = self.page.layout.try_get_untracked().map(|(layout, _)| layout);
                let changed = now.as_ref() != Some(sent);
                // Only the version is new; who shows the layout need not do it again.
                self.page.layout.try_update(|(_, known)| *known = version);
                if changed {
                    self.keep_layout();
                }
            }
            Err(AppError::Conflict(_)) => {
                let text = "Someone else changed the layout. The page now shows their version; make your change again.";
                self.toasts.show(ToastKind::Warn, text);
                self.again.borrow_mut().old = true;
                self.wake(0);
            }
            Err(error) => self.toasts.show(ToastKind::Bad, format!("Couldn't save the layout. {}", error.sentence())),
            Ok(ServerFnResponse::Redirect(_)) => {}
        }
    }

    fn fields(&self, layout: &Layout, version: i64) -> Option<JsValue> {
        let fields = UrlSearchParams::new().ok()?;
        fields.append("experiment", &self.page.experiment.to_string());
        fields.append("layout", &serde_json::to_string(layout).ok()?);
        fields.append("version", &version.to_string());
        Some(fields.into())
    }

    /// Moves a card before or behind its neighbour.
    pub(super) fn move_by_one(&self, key: &str, after: bool) {
        let Some(name) = self.plot(key, |plot| plot.name.clone()) else { return };
        let sections = self.sections();
        let order = sections::adjacent_log(&sections, &name, after)
            .and_then(|beside| sections::order_after_move(&sections, &name, beside, after));
        if let Some(order) = order {
            self.arrange(|layout| layout.order = order);
        }
    }

    /// Makes a card larger or smaller by so many columns and rows.
    pub(super) fn size(&self, key: &str, wide: i8, tall: i8) {
        let sections = self.sections();
        let mut cards = sections.iter().flat_map(|section| &section.cards);
        let Some(placed) = cards.find(|placed| placed.key == key) else { return };
        let Ok(name) = LogName::try_from(placed.name.clone()) else { return };
        let size = Size {
            wide: placed.size.wide.saturating_add_signed(wide).clamp(1, 3),
            tall: placed.size.tall.saturating_add_signed(tall).clamp(1, 2),
        };
        self.arrange(|layout| _ = layout.sizes.insert(name, size));
    }

    /// Keeps that a section is folded, or is not.
    pub(super) fn fold(&self, section: &str, folded: bool) {
        self.arrange(|layout| {
            let known = layout.folded.iter().any(|known| known == section);
            if folded && !known {
                layout.folded.push(section.to_owned());
            } else if !folded {
                layout.folded.retain(|known| known != section);
            }
        });
    }

    pub(super) fn fold_all(&self, folded: bool) {
        for section in find_all(&self.root, "details[data-section]") {
            // Each says so by itself.
            _ = section.toggle_attribute_with_force("open", !folded);
        }
    }

    pub(super) fn forget_layout(&self) {
        self.arrange(|layout| {
            layout.order.clear();
            layout.sizes.clear();
        });
    }

    /// A card that is dragged by its name goes before or behind the one where it is dropped, in the same section.
    pub(super) fn drag(&self, event: &Event, target: &Element) {
        let Some(card) = around(target, "article[data-card]") else { return };
        let name = card.get_attribute("data-name").unwrap_or_default();
        let event_name = event.type_();
        let mark = |class: &str| {
            for marked in find_all(&self.root, ".drop-before, .drop-after, .dragged") {
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
            let place = card.get_bounding_client_rect();
            f64::from(event.client_x()) > place.x() + place.width() / 2.0
        });
        match event_name.as_str() {
            "dragover" if self.is_beside(&dragged, &name) => {
                event.prevent_default();
                mark(if after { "drop-after" } else { "drop-before" });
            }
            "drop" => {
                event.prevent_default();
                mark("");
                if let Some(order) = sections::order_after_move(&self.sections(), &dragged, &name, after) {
                    self.arrange(|layout| layout.order = order);
                }
            }
            "dragend" => {
                mark("");
                _ = card.class_list().remove_1("dragged");
                self.dragged.replace(None);
            }
            _ => mark(""),
        }
    }

    /// Whether two logs are in the same section.
    fn is_beside(&self, one: &str, other: &str) -> bool {
        one != other
            && self.sections().iter().any(|section| {
                let has = |name: &str| section.cards.iter().any(|placed| placed.card.is_some() && placed.name == name);
                has(one) && has(other)
            })
    }
}
