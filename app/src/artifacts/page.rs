//! The root view of the artifacts tab, once the artifacts are loaded.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::{
    artifact_row::ArtifactsPage, context::ArtifactsContext, empty_state::empty_state, events, panel::panel_dialog,
    selection::selection_bar, table::artifacts_table, toolbar::artifacts_toolbar,
};
use crate::{
    ui::{Notice, NoticeKind},
    uploads::DropArea,
};

/// The tab: table and tools, or the empty state, with the open panel.
pub(super) fn artifacts_page(context: ArtifactsContext) -> AnyView {
    events::listen_for_events(context);
    let empty = Memo::new(move |_| context.view.with(|view| view.total == 0));
    let existing = Signal::derive(move || {
        context.view.with(|view| view.rows.iter().map(|row| (row.id, row.name.clone())).collect::<Vec<_>>())
    });
    // A form that was rejected without JavaScript redirects here with the reason in the address.
    let rejected = use_query_map().with_untracked(|query| query.get("error"));
    view! {
        <div class="artifacts" node_ref=context.root>
            {rejected.map(|reason| view! { <Notice kind=NoticeKind::Error>{reason}</Notice> })}
            {panel_dialog(context)}
            <DropArea experiment=context.experiment existing>
                {move || {
                    let empty = empty.get();
                    // Rebuilt only when the first artifact is added or the last one deleted.
                    untrack(|| if empty { empty_state(context) } else { artifact_list(context) })
                }}
            </DropArea>
        </div>
    }
    .into_any()
}

fn artifact_list(context: ArtifactsContext) -> AnyView {
    view! {
        {artifacts_toolbar(context)}
        {artifacts_table(context)}
        {artifacts_pager(context)}
        {selection_bar(context)}
    }
    .into_any()
}

/// Links to the previous and the next page of a long table, with the same search and sort order. Empty if there is one page.
fn artifacts_pager(context: ArtifactsContext) -> AnyView {
    let page = Memo::new(move |_| context.view.with(|view| view.page));
    let link = move |number: i64, label: &'static str| {
        let url = move || context.url(&context.state.with(|state| state.on_page(number)));
        view! { <a class="button button-quiet" href=url>{label}</a> }
    };
    let pager = move || {
        page.get().filter(|page| page.last > 1).map(|ArtifactsPage { number, last, .. }| {
            view! {
                <nav class="button-row" aria-label="Pages">
                    {(number > 1).then(|| link(number - 1, "Previous"))}
                    <span>{format!("Page {number} of {last}")}</span>
                    {(number < last).then(|| link(number + 1, "Next"))}
                </nav>
            }
        })
    };
    view! { {pager} }.into_any()
}
