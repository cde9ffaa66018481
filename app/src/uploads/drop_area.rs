//! Drag and drop of files onto the page.

use domain::{
    artifacts::ArtifactName,
    format,
    ids::{ArtifactId, ExperimentId},
};
use leptos::{ev, prelude::*, task::spawn_local};
use wasm_bindgen::JsCast;
use web_sys::{DragEvent, Element};

use super::{
    handle::use_uploads,
    manager::{UploadManager, if_alive},
    pick::{DroppedItems, MAX_FILES},
};
use crate::{
    experiments::use_experiment,
    ui::{Glyph, Icon, ToastKind},
};

/// The attribute of the element that a dragged file would be dropped onto.
const DROP_TARGET: &str = "data-drop-target";

/// Accepts files that are dropped anywhere on the page while its children are shown. A single file that is dropped onto an
/// element with `data-artifact-name` replaces the content of that artifact. Does nothing for users who may not upload.
#[component]
pub(crate) fn DropArea(
    /// The experiment to upload to.
    experiment: ExperimentId,
    /// The artifacts that are shown.
    existing: Signal<Vec<(ArtifactId, ArtifactName)>>,
    /// The tab.
    children: Children,
) -> impl IntoView {
    let uploads = use_uploads();
    let may_write = use_experiment().with_untracked(|view| view.page.may_write);
    let is_dragging = RwSignal::new(false);
    let target_artifact = RwSignal::new(None::<ArtifactName>);
    let end_drag = move || {
        is_dragging.set(false);
        target_artifact.set(None);
        mark_drop_target(None);
    };
    Effect::new(move || {
        if !may_write {
            return;
        }
        let drag_over = window_event_listener(ev::dragover, move |event| {
            if !has_files(&event) {
                return;
            }
            event.prevent_default();
            if let Some(data) = event.data_transfer() {
                data.set_drop_effect("copy");
            }
            let row = row_under_pointer(&event);
            let name = row.as_ref().and_then(|row| existing.with_untracked(|existing| artifact_of_row(row, existing)));
            mark_drop_target(row.as_ref().filter(|_| name.is_some()));
            is_dragging.set(true);
            if target_artifact.with_untracked(|target| *target != name) {
                target_artifact.set(name);
            }
        });
        let drag_leave = window_event_listener(ev::dragleave, move |event| {
            // Moving between two elements fires `dragleave` too, with the entered element as the related target.
            if event.related_target().is_none() {
                end_drag();
            }
        });
        let drop = window_event_listener(ev::drop, move |event| {
            let Some(data) = event.data_transfer().filter(|_| has_files(&event)) else { return };
            event.prevent_default();
            let row = row_under_pointer(&event);
            let name = row.and_then(|row| existing.with_untracked(|existing| artifact_of_row(&row, existing)));
            end_drag();
            let dropped = DroppedItems::from_event_data(&data);
            uploads.with_manager(move |manager| manager.enqueue_dropped(experiment, name, dropped));
        });
        on_cleanup(move || {
            drag_over.remove();
            drag_leave.remove();
            drop.remove();
        });
    });
    let hint = move || match target_artifact.get() {
        Some(name) => format!("Drop to replace {name}"),
        None => "Drop files or folders to upload".to_owned(),
    };
    view! {
        <div class="drop-area">
            {children()}
            <div
                class="drop-overlay"
                class:drop-overlay-clear=move || target_artifact.with(Option::is_some)
                hidden=move || !is_dragging.get()
                aria-hidden="true"
            >
                <p>
                    <Icon glyph=Glyph::Upload/>
                    {hint}
                </p>
            </div>
        </div>
    }
    .into_any()
}

impl UploadManager {
    /// Uploads what was dropped. A single file that was dropped onto an artifact replaces it, after asking the user.
    fn enqueue_dropped(&self, experiment: ExperimentId, onto: Option<ArtifactName>, mut dropped: DroppedItems) {
        if let (Some(name), Some(file)) = (onto, dropped.single_file()) {
            return self.replace_artifact(experiment, name, file, true);
        }
        let weak = self.weak_self.clone();
        spawn_local(async move {
            let files = dropped.collect_files().await;
            if_alive(&weak, |manager| {
                if dropped.truncated {
                    let limit = format::thousands(u64::try_from(MAX_FILES).unwrap_or(u64::MAX));
                    let text = format!("Only the first {limit} files were added. Drop the others afterwards.");
                    manager.toasts.show(ToastKind::Warn, text);
                }
                if dropped.unreadable > 0 {
                    let items = format::count(dropped.unreadable, "dropped item");
                    let text = format!("Skipped {items} that couldn't be read.");
                    manager.toasts.show(ToastKind::Error, text);
                }
                manager.enqueue(experiment, files);
            });
        });
    }
}

fn has_files(event: &DragEvent) -> bool {
    event.data_transfer().is_some_and(|data| data.types().iter().any(|kind| kind == "Files"))
}

fn row_under_pointer(event: &DragEvent) -> Option<Element> {
    event.target()?.dyn_into::<Element>().ok()?.closest("[data-artifact-name]").ok()?
}

fn artifact_of_row(row: &Element, existing: &[(ArtifactId, ArtifactName)]) -> Option<ArtifactName> {
    let name = row.get_attribute("data-artifact-name")?;
    existing.iter().find(|(_, known)| known.as_str() == name).map(|(_, name)| name.clone())
}

/// Marks this row as the drop target, and no other.
fn mark_drop_target(row: Option<&Element>) {
    let marked = document().query_selector(&format!("[{DROP_TARGET}]")).ok().flatten();
    if marked.as_ref() != row {
        if let Some(marked) = marked {
            _ = marked.remove_attribute(DROP_TARGET);
        }
        if let Some(row) = row {
            _ = row.set_attribute(DROP_TARGET, "");
        }
    }
}
