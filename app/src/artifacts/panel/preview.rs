//! The panel that previews a file.

use domain::{format, ids::ArtifactId};
use leptos::{ev::KeyboardEvent, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::Element;

use super::{
    super::{
        checksum::copyable_checksum,
        context::ArtifactsContext,
        url_state::{OpenPanel, PanelKind},
    },
    FilePreview,
};
use crate::ui::RelativeTime;

/// Shows facts about a file and its content.
pub(super) fn preview_panel(context: ArtifactsContext, preview: FilePreview) -> AnyView {
    let FilePreview { row, file, image, html, note } = preview;
    let versions_url = context.panel_url(OpenPanel::for_artifact(PanelKind::Versions, row.id));
    let versions_label =
        if row.versions > 1 { format!("version {} of {}", file.version, row.versions) } else { "1 version".to_owned() };
    let sha256 = file.sha256.clone();
    let alt = file.filename.clone();
    let image = image.map(|url| {
        view! {
            <div class="picture-frame" tabindex="0" role="group" aria-label="Image">
                <img src=url alt=alt/>
            </div>
        }
    });
    // Focusable, so that the keyboard can scroll it, and therefore labeled.
    let content = (!html.is_empty()).then(|| {
        view! { <div class="file-content" tabindex="0" role="region" aria-label="File content" inner_html=html></div> }
    });
    let note = (!note.is_empty()).then(|| view! { <p class="file-note">{note}</p> });
    view! {
        <div class="file-preview">
            <p class="version-facts">
                <span class="file-name">{file.filename.clone()}</span>
                <span>{format::bytes(file.size)}</span>
                <span>{file.kind}</span>
                <span class="copyable">{copyable_checksum(move || sha256.clone())}</span>
                <span>
                    <RelativeTime at=file.at.0 absolute=file.at.readable()/>
                </span>
                <span>{format!("via {}", file.source)}</span>
                <span>{file.by.map(|by| format!("by {by}"))}</span>
                <a href=versions_url data-open="versions" data-artifact=row.id.to_string()>{versions_label}</a>
            </p>
            {note}
            {image}
            {content}
        </div>
    }
    .into_any()
}

/// Returns the artifacts that have a preview, in the table's order.
pub(super) fn previewable_artifacts(context: ArtifactsContext) -> Vec<ArtifactId> {
    let mut artifacts = context.matching.get();
    context.view.with(|view| {
        artifacts.retain(|id| view.rows.iter().any(|row| row.id == *id && row.file.previewable));
    });
    artifacts
}

/// Returns the preview of the next file, or the previous one if `step` is negative. Wraps around at both ends.
pub(super) fn neighbor_preview(context: ArtifactsContext, panel: &OpenPanel, step: isize) -> OpenPanel {
    let artifacts = previewable_artifacts(context);
    let index = panel.artifact().and_then(|current| artifacts.iter().position(|id| *id == current));
    let next = match index {
        Some(index) if step < 0 => (index + artifacts.len() - 1) % artifacts.len(),
        Some(index) => (index + 1) % artifacts.len(),
        None => 0,
    };
    artifacts.get(next).map_or_else(|| panel.clone(), |id| OpenPanel::for_artifact(PanelKind::Preview, *id))
}

/// Steps through the files: with the arrow keys, unless they scroll wide content, and with `[` and `]`.
pub(super) fn handle_preview_key(context: ArtifactsContext, event: &KeyboardEvent) {
    let panel = context.state.with_untracked(|state| state.panel.clone());
    if panel.kind != PanelKind::Preview || event.ctrl_key() || event.alt_key() || event.meta_key() {
        return;
    }
    let step = match event.key().as_str() {
        "ArrowLeft" if !scrolls_horizontally(event) => -1,
        "ArrowRight" if !scrolls_horizontally(event) => 1,
        "[" => -1,
        "]" => 1,
        _ => return,
    };
    event.prevent_default();
    let next = untrack(|| neighbor_preview(context, &panel, step));
    if next != panel {
        context.open_panel(next);
    }
}

/// Returns whether the event's target is in content that is wider than its box.
fn scrolls_horizontally(event: &KeyboardEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    target
        .and_then(|target| target.closest(".file-content").ok()?)
        .is_some_and(|content| content.scroll_width() > content.client_width() + 1)
}
