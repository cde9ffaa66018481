//! The root view of the artifacts tab, once the artifacts are loaded.

use domain::format;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::{
    context::ArtifactsContext, empty_state::empty_state, events, panel::panel_dialog, selection::selection_bar,
    table::artifacts_table, toolbar::artifacts_toolbar,
};
use crate::{
    ui::{Notice, NoticeKind},
    uploads::DropArea,
};

/// The tab: table and tools, or the empty state, with the open panel.
pub(super) fn artifacts_page(context: ArtifactsContext) -> AnyView {
    events::listen_for_events(context);
    let empty = Memo::new(move |_| context.view.with(|view| view.rows.is_empty()));
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
    let limit_notice = move || {
        let (shown, total) = context.view.with(|view| (view.rows.len(), view.total));
        i64::try_from(shown).is_ok_and(|shown| shown < total).then(|| {
            let text = format!(
                "Showing the {} most recently stored of {}. Search and sort order apply only to these. “Download all” includes every artifact.",
                format::thousands(u64::try_from(shown).unwrap_or(u64::MAX)),
                format::count(total, "artifact"),
            );
            view! { <Notice>{text}</Notice> }
        })
    };
    view! {
        {artifacts_toolbar(context)}
        {limit_notice}
        {artifacts_table(context)}
        {selection_bar(context)}
    }
    .into_any()
}
