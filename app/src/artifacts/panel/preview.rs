//! Looking at a file.

use domain::{format, ids::ArtifactId};
use leptos::{ev::KeyboardEvent, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::Element;

use super::{
    super::{
        cells::checksum,
        look::{Asked, What},
        page::Page,
    },
    Paper,
};
use crate::ui::RelativeTime;

/// The file, and what is known about it.
pub(super) fn preview(page: Page, paper: Paper) -> AnyView {
    let Paper { row, file, picture, html, note } = paper;
    let versions = Asked::of(What::Versions, row.id);
    let versions = page.address(&page.look.with_untracked(|look| look.asking(versions)));
    let which = if row.versions > 1 {
        format!("version {} of {}", file.version, row.versions)
    } else {
        "one version".to_owned()
    };
    let sum = file.sha256.clone();
    let alt = format!("{} of {}", file.filename, row.name);
    let picture = picture.map(|address| {
        view! {
            <div class="picture-frame" tabindex="0" role="group" aria-label="Picture">
                <img src=address alt=alt/>
            </div>
        }
    });
    // The label names what scrolls by keys.
    let sheet = (!html.is_empty()).then(|| {
        view! { <div class="paper" tabindex="0" role="region" aria-label="Content of the file" inner_html=html></div> }
    });
    let note = (!note.is_empty()).then(|| view! { <p class="paper-note">{note}</p> });
    view! {
        <div class="sheet">
            <p class="version-facts">
                <span class="paper-file">{file.filename.clone()}</span>
                <span>{format::bytes(file.size)}</span>
                <span>{file.kind}</span>
                <span class="copyable">{checksum(move || sum.clone())}</span>
                <span>
                    <RelativeTime at=file.at.0 absolute=file.at.readable()/>
                </span>
                <span>{file.from}</span>
                <span>{file.by.map(|by| format!("by {by}"))}</span>
                <a href=versions data-open="versions" data-artifact=row.id.to_string()>{which}</a>
            </p>
            {note}
            {picture}
            {sheet}
        </div>
    }
    .into_any()
}

/// The files that one steps through, in the table's order.
pub(super) fn steps(page: Page) -> Vec<ArtifactId> {
    let mut steps = page.shown.get();
    page.view.with(|view| {
        steps.retain(|id| view.rows.iter().any(|row| row.id == *id && row.file.shown));
    });
    steps
}

/// The file that comes some steps after the one that is looked at, round and round.
pub(super) fn beside(page: Page, asked: &Asked, by: isize) -> Asked {
    let steps = steps(page);
    let place = asked.artifact().and_then(|id| steps.iter().position(|step| *step == id));
    let next = match place {
        Some(place) if by < 0 => (place + steps.len() - 1) % steps.len(),
        Some(place) => (place + 1) % steps.len(),
        None => 0,
    };
    steps.get(next).map_or_else(|| asked.clone(), |id| Asked::of(What::Preview, *id))
}

/// Arrows go from file to file, except where they scroll a wide one; `[` and `]` do anywhere.
pub(super) fn press(page: Page, event: &KeyboardEvent) {
    let asked = page.look.with_untracked(|look| look.asked.clone());
    if asked.what != What::Preview || event.ctrl_key() || event.alt_key() || event.meta_key() {
        return;
    }
    let by = match event.key().as_str() {
        "ArrowLeft" if !scrolls(event) => -1,
        "ArrowRight" if !scrolls(event) => 1,
        "[" => -1,
        "]" => 1,
        _ => return,
    };
    event.prevent_default();
    let next = untrack(|| beside(page, &asked, by));
    if next != asked {
        page.ask(next);
    }
}

fn scrolls(event: &KeyboardEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    target
        .and_then(|target| target.closest(".paper").ok()?)
        .is_some_and(|sheet| sheet.scroll_width() > sheet.client_width() + 1)
}
