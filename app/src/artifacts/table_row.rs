//! One artifact as a row of the table.

use domain::{format, ids::ArtifactId};
use leptos::prelude::*;

use super::{
    artifact_row::ArtifactRow,
    checksum::copyable_checksum,
    context::ArtifactsContext,
    menu::artifact_menu,
    url_state::{OpenPanel, PanelKind},
};
use crate::ui::RelativeTime;

/// The row of an artifact. A row that is about to be removed keeps its last content.
pub(super) fn artifact_table_row(context: ArtifactsContext, id: ArtifactId) -> AnyView {
    let row = Memo::new(move |last: Option<&Option<ArtifactRow>>| {
        context.artifact_row(id).or_else(|| last.cloned().flatten())
    });
    let text =
        move |cell: fn(&ArtifactRow) -> String| move || row.with(|row| row.as_ref().map(cell).unwrap_or_default());
    let name = text(|row| row.name.to_string());
    let preview_url = context.panel_url(OpenPanel::for_artifact(PanelKind::Preview, id));
    let selected = move || context.selected.with(|selected| selected.contains(&id));
    let stored_at = Memo::new(move |_| row.with(|row| row.as_ref().map(|row| row.file.at)));
    view! {
        <tr class="artifact" data-artifact=id.to_string() data-artifact-name=name>
            <td class="row-select">
                <input
                    type="checkbox"
                    name="artifact"
                    value=id.to_string()
                    form="selection"
                    aria-label=move || format!("Select {}", name())
                    prop:checked=selected
                />
            </td>
            <th scope="row" class="artifact-name">
                <a href=preview_url data-open="preview" data-artifact=id.to_string()>{name}</a>
                {versions_link(context, id, row)}
            </th>
            <td class="artifact-file">{text(|row| row.file.filename.clone())}</td>
            <td class="num">{text(|row| format::bytes(row.file.size))}</td>
            <td>{text(|row| row.file.kind.clone())}</td>
            <td class="artifact-checksum">{copyable_checksum(text(|row| row.file.sha256.clone()))}</td>
            <td>{move || stored_at.get().map(|at| view! { <RelativeTime at=at.0 absolute=at.readable()/> })}</td>
            <td class="artifact-by" data-label="by">{text(|row| row.file.by.clone().unwrap_or_else(|| "—".to_owned()))}</td>
            <td class="artifact-source">{text(|row| row.file.source.clone())}</td>
            <td class="row-actions">{artifact_menu(context, id, row)}</td>
        </tr>
    }
    .into_any()
}

/// A link to the versions, with their number; nothing if there is only one.
fn versions_link(context: ArtifactsContext, id: ArtifactId, row: Memo<Option<ArtifactRow>>) -> impl IntoView {
    let count = Memo::new(move |_| row.with(|row| row.as_ref().map_or(1, |row| row.versions)));
    move || {
        let count = count.get();
        (count > 1).then(|| {
            let url = context.panel_url(OpenPanel::for_artifact(PanelKind::Versions, id));
            view! {
                <a class="chip" href=url data-open="versions" data-artifact=id.to_string()>
                    {format::count(count, "version")}
                </a>
            }
        })
    }
}
