//! The table of artifacts.

use domain::artifacts::ArtifactColumn;
use leptos::prelude::*;

use super::{context::ArtifactsContext, table_row::artifact_table_row};

/// The table. Rows are updated in place.
pub(super) fn artifacts_table(context: ArtifactsContext) -> AnyView {
    let no_match = Memo::new(move |_| context.matching.with(Vec::is_empty));
    view! {
        <div class="table-frame">
            <table class="table artifacts-table">
                <thead>
                    <tr>
                        <td class="row-select">{select_all(context)}</td>
                        {sortable_header(context, ArtifactColumn::Name, "Name", "")}
                        {sortable_header(context, ArtifactColumn::File, "File", "")}
                        {sortable_header(context, ArtifactColumn::Size, "Size", "num")}
                        {sortable_header(context, ArtifactColumn::Kind, "Kind", "")}
                        <th scope="col" class="unsorted">"Checksum"</th>
                        {sortable_header(context, ArtifactColumn::Stored, "Stored", "")}
                        {sortable_header(context, ArtifactColumn::By, "By", "")}
                        <th scope="col" class="unsorted">"Source"</th>
                        <td class="row-actions"></td>
                    </tr>
                </thead>
                <tbody>
                    <For each=move || context.table_rows.get() key=|id| *id let(id)>
                        {artifact_table_row(context, id)}
                    </For>
                </tbody>
            </table>
        </div>
        <p class="hint artifacts-no-match" hidden=move || !no_match.get()>
            {move || context.state.with(|state| format!("No artifacts match “{}”.", state.filter))}
        </p>
    }
    .into_any()
}

/// A column header: a link that sorts by the column.
fn sortable_header(
    context: ArtifactsContext,
    column: ArtifactColumn,
    title: &'static str,
    class: &'static str,
) -> AnyView {
    let order = move || {
        context.state.with(|state| match (state.order.column == column, state.order.descending) {
            (false, _) => None,
            (true, false) => Some("ascending"),
            (true, true) => Some("descending"),
        })
    };
    let url = move || context.url(&context.state.with(|state| state.sorted_by(column)));
    view! {
        <th scope="col" class=class aria-sort=order>
            <a class="sort" href=url data-noscroll="">
                {title}
            </a>
        </th>
    }
    .into_any()
}

/// A checkbox that selects all artifacts that match the search. Hidden without JavaScript, where it has no effect.
fn select_all(context: ArtifactsContext) -> AnyView {
    let all = Memo::new(move |_| {
        !context.matching.with(Vec::is_empty) && context.selected_matching().len() == context.matching.with(Vec::len)
    });
    let some = Memo::new(move |_| !context.selected_matching().is_empty());
    let toggle = move |_| {
        let matching = context.matching.get_untracked();
        let all = all.get_untracked();
        context.selected.update(|selected| {
            selected.retain(|id| !matching.contains(id));
            if !all {
                selected.extend(matching);
            }
        });
    };
    view! {
        <input
            type="checkbox"
            class="scripted"
            aria-label="Select all"
            prop:checked=move || all.get()
            prop:indeterminate=move || some.get() && !all.get()
            on:change=toggle
        />
    }
    .into_any()
}
