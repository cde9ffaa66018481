//! Dropping files onto the page.

use domain::{
    artifacts::ArtifactName,
    ids::{ArtifactId, ExperimentId},
};
use leptos::{ev, prelude::*, task::spawn_local};
use wasm_bindgen::JsCast;
use web_sys::{DragEvent, Element};

use super::{
    desk::{Desk, with},
    pick::{Dropped, MOST},
    transfers::use_transfers,
};
use crate::{
    experiments::use_experiment,
    ui::{Glyph, Icon, ToastKind},
};

/// What the element under the dragged file has while it would take it.
const HOT: &str = "data-drop";

/// Takes what is dropped anywhere on the page while its children are on it. An element with `data-artifact-name` among
/// them takes a file in exchange for what that artifact holds. Does nothing for those who may not upload.
#[component]
pub(crate) fn DropArea(
    /// Where the files go.
    experiment: ExperimentId,
    /// The artifacts in sight.
    existing: Signal<Vec<(ArtifactId, ArtifactName)>>,
    /// The tab.
    children: Children,
) -> impl IntoView {
    let transfers = use_transfers();
    let may_write = use_experiment().with_untracked(|view| view.page.may_write);
    let over = RwSignal::new(false);
    let onto = RwSignal::new(None::<ArtifactName>);
    let leave = move || {
        over.set(false);
        onto.set(None);
        heat(None);
    };
    Effect::new(move || {
        if !may_write {
            return;
        }
        let dragged = window_event_listener(ev::dragover, move |event| {
            if !has_files(&event) {
                return;
            }
            event.prevent_default();
            if let Some(data) = event.data_transfer() {
                data.set_drop_effect("copy");
            }
            let row = row_under(&event);
            let name = row.as_ref().and_then(|row| existing.with_untracked(|existing| name_of(row, existing)));
            heat(row.as_ref().filter(|_| name.is_some()));
            over.set(true);
            if onto.with_untracked(|onto| *onto != name) {
                onto.set(name);
            }
        });
        let left = window_event_listener(ev::dragleave, move |event| {
            // Between two elements of the page there is another one that is entered.
            if event.related_target().is_none() {
                leave();
            }
        });
        let dropped = window_event_listener(ev::drop, move |event| {
            let Some(data) = event.data_transfer().filter(|_| has_files(&event)) else { return };
            event.prevent_default();
            let name = row_under(&event).and_then(|row| existing.with_untracked(|existing| name_of(&row, existing)));
            leave();
            let dropped = Dropped::take(&data);
            transfers.at_the_desk(move |desk| desk.take_drop(experiment, name, dropped));
        });
        on_cleanup(move || {
            dragged.remove();
            left.remove();
            dropped.remove();
        });
    });
    let words = move || match onto.get() {
        Some(name) => format!("Drop to replace the content of {name}"),
        None => "Drop files or folders to upload them".to_owned(),
    };
    view! {
        <div class="drop-area">
            {children()}
            <div class="drop-target" class:drop-onto=move || onto.with(Option::is_some) hidden=move || !over.get() aria-hidden="true">
                <p>
                    <Icon glyph=Glyph::Upload/>
                    {words}
                </p>
            </div>
        </div>
    }
    .into_any()
}

impl Desk {
    fn take_drop(&self, experiment: ExperimentId, onto: Option<ArtifactName>, mut dropped: Dropped) {
        if let (Some(name), Some(file)) = (onto, dropped.single()) {
            return self.replace(experiment, name, file, true);
        }
        let this = self.this.clone();
        spawn_local(async move {
            let files = dropped.walk().await;
            with(&this, |desk| {
                if dropped.more {
                    let text = format!("Only the first {MOST} files were taken. Drop the others afterwards.");
                    desk.toasts.show(ToastKind::Warn, text);
                }
                if dropped.unread > 0 {
                    let text = format!("{} of what was dropped cannot be read and is left out.", dropped.unread);
                    desk.toasts.show(ToastKind::Bad, text);
                }
                desk.offer(experiment, files);
            });
        });
    }
}

fn has_files(event: &DragEvent) -> bool {
    event.data_transfer().is_some_and(|data| data.types().iter().any(|kind| kind == "Files"))
}

fn row_under(event: &DragEvent) -> Option<Element> {
    event.target()?.dyn_into::<Element>().ok()?.closest("[data-artifact-name]").ok()?
}

fn name_of(row: &Element, existing: &[(ArtifactId, ArtifactName)]) -> Option<ArtifactName> {
    let name = row.get_attribute("data-artifact-name")?;
    existing.iter().find(|(_, known)| known.as_str() == name).map(|(_, name)| name.clone())
}

/// Marks the row that would take the file, and no other.
fn heat(row: Option<&Element>) {
    let hot = document().query_selector(&format!("[{HOT}]")).ok().flatten();
    if hot.as_ref() != row {
        if let Some(hot) = hot {
            _ = hot.remove_attribute(HOT);
        }
        if let Some(row) = row {
            _ = row.set_attribute(HOT, "");
        }
    }
}
