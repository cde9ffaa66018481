//! What can be done with one artifact.

use domain::ids::ArtifactId;
use leptos::prelude::*;

use super::{
    look::{Asked, What},
    page::{Page, file_address},
    row::Row,
};
use crate::{
    ui::{Glyph, Icon},
    uploads::ReplaceItem,
};

/// The `⋯` of a row. It is a popover: the browser opens and closes it, with scripts or without, and lays it over
/// everything.
pub(super) fn menu(page: Page, id: ArtifactId, row: Memo<Option<Row>>) -> AnyView {
    let name = Memo::new(move |_| row.with(|row| row.as_ref().map(|row| row.name.clone())));
    let shown = Memo::new(move |_| row.with(|row| row.as_ref().is_some_and(|row| row.file.shown)));
    let may_write = Memo::new(move |_| page.view.with(|view| view.may_write));
    let label = move || name.with(|name| format!("More about {}", name.as_ref().map_or("it", |name| name.as_str())));
    let menu = format!("menu-{id}");
    let item = move |what: What, glyph: Glyph, words: &'static str| {
        let look = page.look.with_untracked(|look| look.asking(Asked::of(what, id)));
        view! {
            <a class="menu-item" href=page.address(&look) data-open=what.word() data-artifact=id.to_string()>
                <Icon glyph/>
                {words}
            </a>
        }
    };
    let copied = page.address(&page.look.with_untracked(|look| look.plain().asking(Asked::of(What::Preview, id))));
    let write = move || {
        may_write.get().then(|| {
            let experiment = page.experiment;
            view! {
                {move || name.get().map(|name| view! { <ReplaceItem experiment name/> })}
                {item(What::Rename, Glyph::Pencil, "Rename")}
                <hr class="menu-line"/>
                {item(What::Delete, Glyph::Trash, "Delete")}
            }
        })
    };
    view! {
        <button
            type="button"
            class="button button-quiet button-icon"
            popovertarget=menu.clone()
            aria-label=label
            title="More"
        >
            <Icon glyph=Glyph::Ellipsis/>
        </button>
        <div class="menu" id=menu popover="auto">
            <a class="menu-item" href=file_address(id, None) download="">
                <Icon glyph=Glyph::Download/>
                "Download"
            </a>
            {move || shown.get().then(|| item(What::Preview, Glyph::Expand, "Preview"))}
            {item(What::Versions, Glyph::Layers, "Versions")}
            <button type="button" class="menu-item scripted" data-copy=copied data-done="The link is copied.">
                <Icon glyph=Glyph::Copy/>
                "Copy link"
            </button>
            {write}
        </div>
    }
    .into_any()
}
