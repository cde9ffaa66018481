//! What can be done with the artifacts that are ticked.

use domain::format;
use leptos::prelude::*;
use web_sys::SubmitEvent;

use super::{
    look::{Asked, What},
    page::Page,
};
use crate::ui::{Glyph, Icon};

/// The bar below the table, seen while something is ticked. The ticks belong to its form, which works without scripts.
pub(super) fn selection(page: Page) -> AnyView {
    let may_write = Memo::new(move |_| page.view.with(|view| view.may_write));
    let here = page.address(&page.look.with_untracked(super::look::Look::closed));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let chosen = page.chosen();
        let pressed = event.submitter().and_then(|pressed| pressed.get_attribute("value"));
        match pressed.as_deref() {
            Some("delete") => page.ask(Asked { what: What::Delete, artifacts: chosen, version: None }),
            _ if chosen.is_empty() => {}
            _ => {
                let all = page.view.with_untracked(|view| usize::try_from(view.total) == Ok(chosen.len()));
                _ = download(&page.archive(if all { &[] } else { &chosen }));
            }
        }
    };
    view! {
        <form
            class="selection"
            id="selection"
            method="get"
            action=page.archive(&[])
            aria-label="Selected artifacts"
            on:submit=submit
            on:reset=move |_| page.ticked.set(vec![])
        >
            <p role="status">{move || summary(page)}</p>
            <button type="submit" class="button">
                <Icon glyph=Glyph::Download/>
                "Download zip"
            </button>
            {move || {
                may_write
                    .get()
                    .then(|| {
                        view! {
                            <button type="submit" class="button" name="do" value="delete" formaction=here.clone()>
                                <Icon glyph=Glyph::Trash/>
                                "Delete"
                            </button>
                        }
                    })
            }}
            <button type="reset" class="button button-quiet">
                "Clear"
            </button>
        </form>
    }
    .into_any()
}

/// `3 selected, 1.2 GiB`; without scripts nobody counts.
fn summary(page: Page) -> String {
    let chosen = page.chosen();
    if chosen.is_empty() {
        return "Selected".to_owned();
    }
    let size = page
        .view
        .with(|view| view.rows.iter().filter(|row| chosen.contains(&row.id)).map(|row| row.file.size).sum::<u64>());
    format!("{} selected, {}", format::count(chosen.len(), "file"), format::bytes(size))
}

/// Has the browser download what is at an address, without leaving the page.
fn download(address: &str) -> Option<()> {
    use wasm_bindgen::JsCast;

    let link = document().create_element("a").ok()?.dyn_into::<web_sys::HtmlAnchorElement>().ok()?;
    link.set_href(address);
    link.set_download("");
    link.click();
    Some(())
}
