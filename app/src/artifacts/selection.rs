//! The actions for the selected artifacts.

use domain::format;
use leptos::prelude::*;
use web_sys::SubmitEvent;

use super::{
    context::ArtifactsContext,
    url_state::{OpenPanel, PanelKind},
};
use crate::ui::{Glyph, Icon};

/// The bar below the table, visible while artifacts are selected. The checkboxes of the rows belong to its form, so that it
/// works without JavaScript.
pub(super) fn selection_bar(context: ArtifactsContext) -> AnyView {
    let may_write = Memo::new(move |_| context.view.with(|view| view.may_write));
    let page_url = untrack(|| context.closed_url());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let selected = context.selected_matching();
        let pressed = event.submitter().and_then(|pressed| pressed.get_attribute("value"));
        match pressed.as_deref() {
            Some("delete") => {
                context.open_panel(OpenPanel { kind: PanelKind::Delete, artifacts: selected, version: None });
            }
            _ if selected.is_empty() => {}
            _ => {
                let all = context.view.with_untracked(|view| usize::try_from(view.total) == Ok(selected.len()));
                _ = download_url(&context.archive_url(if all { &[] } else { &selected }));
            }
        }
    };
    view! {
        <form
            class="selection"
            id="selection"
            method="get"
            action=context.archive_url(&[])
            aria-label="Selected artifacts"
            on:submit=submit
            on:reset=move |_| context.selected.set(vec![])
        >
            <p role="status">{move || selection_summary(context)}</p>
            <button type="submit" class="button">
                <Icon glyph=Glyph::Download/>
                "Download ZIP"
            </button>
            {move || {
                may_write
                    .get()
                    .then(|| {
                        view! {
                            <button type="submit" class="button" name="do" value="delete" formaction=page_url.clone()>
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

/// Returns count and size: `3 files selected, 1.2 GiB`. Without JavaScript the count is unknown: `Selected`.
fn selection_summary(context: ArtifactsContext) -> String {
    let selected = context.selected_matching();
    if selected.is_empty() {
        return "Selected".to_owned();
    }
    let size = context
        .view
        .with(|view| view.rows.iter().filter(|row| selected.contains(&row.id)).map(|row| row.file.size).sum::<u64>());
    format!("{} selected, {}", format::count(selected.len(), "file"), format::bytes(size))
}

/// Starts a download without leaving the page.
fn download_url(url: &str) -> Option<()> {
    use wasm_bindgen::JsCast;

    let link = document().create_element("a").ok()?.dyn_into::<web_sys::HtmlAnchorElement>().ok()?;
    link.set_href(url);
    link.set_download("");
    link.click();
    Some(())
}
