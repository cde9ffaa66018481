//! One artifact as a row.

use domain::{format, ids::ArtifactId};
use leptos::prelude::*;

use super::{
    look::{Asked, What},
    menu::menu,
    page::Page,
    row::Row,
};
use crate::ui::{Glyph, Icon, RelativeTime};

/// The row of an artifact. A row that is about to go shows what it showed last.
pub(super) fn cells(page: Page, id: ArtifactId) -> AnyView {
    let row = Memo::new(move |last: Option<&Option<Row>>| page.row(id).or_else(|| last.cloned().flatten()));
    let text = move |read: fn(&Row) -> String| move || row.with(|row| row.as_ref().map(read).unwrap_or_default());
    let name = text(|row| row.name.to_string());
    let open = page.address(&page.look.with_untracked(|look| look.asking(Asked::of(What::Preview, id))));
    let ticked = move || page.ticked.with(|ticked| ticked.contains(&id));
    let stored = Memo::new(move |_| row.with(|row| row.as_ref().map(|row| row.file.at)));
    view! {
        <tr class="artifact" data-artifact=id.to_string() data-artifact-name=name>
            <td class="tick">
                <input
                    type="checkbox"
                    name="artifact"
                    value=id.to_string()
                    form="selection"
                    aria-label=move || format!("Select {}", name())
                    prop:checked=ticked
                />
            </td>
            <th scope="row" class="artifact-name">
                <a href=open data-open="preview" data-artifact=id.to_string()>{name}</a>
                {versions(page, id, row)}
            </th>
            <td class="artifact-file">{text(|row| row.file.filename.clone())}</td>
            <td class="num">{text(|row| format::bytes(row.file.size))}</td>
            <td>{text(|row| row.file.kind.clone())}</td>
            <td class="artifact-sum">{checksum(text(|row| row.file.sha256.clone()))}</td>
            <td>{move || stored.get().map(|at| view! { <RelativeTime at=at.0 absolute=at.readable()/> })}</td>
            <td class="artifact-by" data-label="by">{text(|row| row.file.by.clone().unwrap_or_else(|| "—".to_owned()))}</td>
            <td class="artifact-from">{text(|row| row.file.from.clone())}</td>
            <td class="more">{menu(page, id, row)}</td>
        </tr>
    }
    .into_any()
}

/// How many versions there are, when there are several; leads to them.
fn versions(page: Page, id: ArtifactId, row: Memo<Option<Row>>) -> impl IntoView {
    let count = Memo::new(move |_| row.with(|row| row.as_ref().map_or(1, |row| row.versions)));
    move || {
        let count = count.get();
        (count > 1).then(|| {
            let look = page.look.with_untracked(|look| look.asking(Asked::of(What::Versions, id)));
            view! {
                <a class="chip" href=page.address(&look) data-open="versions" data-artifact=id.to_string()>
                    {format!("{count} versions")}
                </a>
            }
        })
    }
}

/// The first digits of a checksum, all of them on hover, and a button that copies them.
pub(super) fn checksum(all: impl Fn() -> String + Clone + Send + Sync + 'static) -> AnyView {
    let (title, copied) = (all.clone(), all.clone());
    view! {
        <code title=move || format!("SHA-256: {}", title())>{move || all().chars().take(8).collect::<String>()}</code>
        <button
            type="button"
            class="button button-quiet button-icon scripted"
            data-copy=copied
            data-done="The checksum is copied."
            aria-label="Copy the checksum"
            title="Copy the checksum"
        >
            <Icon glyph=Glyph::Copy/>
        </button>
    }
    .into_any()
}
