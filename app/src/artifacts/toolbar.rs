//! The tools above the table: search, totals, download and upload.

use domain::format;
use leptos::prelude::*;

use super::context::ArtifactsContext;
use crate::{
    ui::{Glyph, Icon},
    uploads::UploadButtons,
};

/// The toolbar. Without JavaScript, the search is a form that keeps the sort order.
pub(super) fn artifacts_toolbar(context: ArtifactsContext) -> AnyView {
    let initial = context.state.get_untracked();
    let sort = initial.sort_value();
    let search = move |event| {
        context.navigate(&context.state.get_untracked().searching(event_target_value(&event)), false);
    };
    view! {
        <div class="toolbar artifacts-tools">
            <form role="search" method="get" on:submit=move |event| event.prevent_default()>
                <label class="search">
                    <span class="visually-hidden">"Search artifacts"</span>
                    <Icon glyph=Glyph::Search/>
                    <input
                        class="input"
                        type="search"
                        name="q"
                        value=initial.filter
                        placeholder="Search artifacts"
                        autocomplete="off"
                        on:input=search
                    />
                </label>
                {(!sort.is_empty()).then(|| view! { <input type="hidden" name="sort" value=sort/> })}
            </form>
            <p class="hint artifacts-total" role="status">{move || format_totals(context)}</p>
            <div class="toolbar-end tools">
                <a class="button" href=context.archive_url(&[]) download="">
                    <Icon glyph=Glyph::Download/>
                    "Download all"
                </a>
                <UploadButtons experiment=context.experiment/>
            </div>
        </div>
    }
    .into_any()
}

/// Returns count and size of the files that match the search: `12 files, 1.4 GiB`, or `3 of 12 files, 256 KiB`.
fn format_totals(context: ArtifactsContext) -> String {
    let matching = context.matching.get();
    context.view.with(|view| {
        if let Some(page) = view.page {
            return match_totals(page.matching, view.total, page.bytes);
        }
        let all_match = matching.len() == view.rows.len();
        let rows = view.rows.iter().filter(|row| all_match || matching.contains(&row.id));
        match_totals(i64::try_from(matching.len()).unwrap_or(i64::MAX), view.total, rows.map(|row| row.file.size).sum())
    })
}

fn match_totals(matching: i64, total: i64, bytes: u64) -> String {
    let (files, size) = (format::count(total, "file"), format::bytes(bytes));
    if matching == total {
        return format!("{files}, {size}");
    }
    format!("{} of {files}, {size}", format::thousands(u64::try_from(matching).unwrap_or_default()))
}
