//! The menu of one artifact.

use domain::ids::ArtifactId;
use leptos::prelude::*;

use super::{
    artifact_row::ArtifactRow,
    context::{ArtifactsContext, file_url},
    url_state::{ArtifactsViewState, OpenPanel, PanelKind},
};
use crate::{
    ui::{Glyph, Icon},
    uploads::ReplaceItem,
};

/// The `⋯` menu of a table row.
///
/// The menu is a popover: the browser opens and closes it, with or without JavaScript, and shows it above everything else.
pub(super) fn artifact_menu(context: ArtifactsContext, id: ArtifactId, row: Memo<Option<ArtifactRow>>) -> AnyView {
    let name = Memo::new(move |_| row.with(|row| row.as_ref().map(|row| row.name.clone())));
    let previewable = Memo::new(move |_| row.with(|row| row.as_ref().is_some_and(|row| row.file.previewable)));
    let may_write = Memo::new(move |_| context.view.with(|view| view.may_write));
    let label = move || {
        name.with(|name| format!("More actions for {}", name.as_ref().map_or("artifact", |name| name.as_str())))
    };
    let menu = format!("menu-{id}");
    let panel_item = move |kind: PanelKind, glyph: Glyph, label: &'static str| {
        let url = context.panel_url(OpenPanel::for_artifact(kind, id));
        view! {
            <a class="menu-item" href=url data-open=kind.query_value() data-artifact=id.to_string()>
                <Icon glyph/>
                {label}
            </a>
        }
    };
    let shared = ArtifactsViewState::shared_panel(OpenPanel::for_artifact(PanelKind::Preview, id));
    let shared_url = context.url(&shared);
    let write_items = move || {
        may_write.get().then(|| {
            let experiment = context.experiment;
            view! {
                {move || name.get().map(|name| view! { <ReplaceItem experiment name/> })}
                {panel_item(PanelKind::Rename, Glyph::Pencil, "Rename")}
                <hr class="menu-line"/>
                {panel_item(PanelKind::Delete, Glyph::Trash, "Delete")}
            }
        })
    };
    view! {
        <button
            type="button"
            class="button button-quiet button-icon"
            popovertarget=menu.clone()
            aria-label=label
            title="More actions"
        >
            <Icon glyph=Glyph::Ellipsis/>
        </button>
        <div class="menu" id=menu popover="auto">
            <a class="menu-item" href=file_url(id, None) download="">
                <Icon glyph=Glyph::Download/>
                "Download"
            </a>
            {move || previewable.get().then(|| panel_item(PanelKind::Preview, Glyph::Expand, "Preview"))}
            {panel_item(PanelKind::Versions, Glyph::Layers, "Versions")}
            <button type="button" class="menu-item scripted" data-copy=shared_url data-copied-message="Link copied.">
                <Icon glyph=Glyph::Copy/>
                "Copy link"
            </button>
            {write_items}
        </div>
    }
    .into_any()
}
