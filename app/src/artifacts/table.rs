//! The table of artifacts.

use leptos::prelude::*;

use super::{cells::cells, look::Column, page::Page};

/// The table; what changes in a row changes in place.
pub(super) fn table(page: Page) -> AnyView {
    let none = Memo::new(move |_| page.shown.with(Vec::is_empty));
    view! {
        <div class="table-frame">
            <table class="table artifacts-table">
                <thead>
                    <tr>
                        <td class="tick">{tick_all(page)}</td>
                        {head(page, Column::Name, "Name", "")}
                        {head(page, Column::File, "File", "")}
                        {head(page, Column::Size, "Size", "num")}
                        {head(page, Column::Kind, "Kind", "")}
                        <th scope="col" class="unsorted">"Checksum"</th>
                        {head(page, Column::Stored, "Stored", "")}
                        {head(page, Column::By, "By", "")}
                        <th scope="col" class="unsorted">"From"</th>
                        <td class="more"></td>
                    </tr>
                </thead>
                <tbody>
                    <For each=move || page.placed.get() key=|id| *id let(id)>
                        {cells(page, id)}
                    </For>
                </tbody>
            </table>
        </div>
        <p class="hint artifacts-none" hidden=move || !none.get()>
            "No artifact has a name like this."
        </p>
    }
    .into_any()
}

/// A column's head, a link that sorts by it.
fn head(page: Page, column: Column, title: &'static str, class: &'static str) -> AnyView {
    let state = move || {
        page.look.with(|look| match (look.by == column, look.descending) {
            (false, _) => None,
            (true, false) => Some("ascending"),
            (true, true) => Some("descending"),
        })
    };
    let address = move || page.address(&page.look.with(|look| look.sorted_by(column)));
    view! {
        <th scope="col" class=class aria-sort=state>
            <a class="sort" href=address data-noscroll="">
                {title}
            </a>
        </th>
    }
    .into_any()
}

/// Ticks everything that is shown. Only for those with scripts: without them nothing could be done by it.
fn tick_all(page: Page) -> AnyView {
    let all = Memo::new(move |_| !page.shown.with(Vec::is_empty) && page.chosen().len() == page.shown.with(Vec::len));
    let some = Memo::new(move |_| !page.chosen().is_empty());
    let tick = move |_| {
        let shown = page.shown.get_untracked();
        let all = all.get_untracked();
        page.ticked.update(|ticked| {
            ticked.retain(|id| !shown.contains(id));
            if !all {
                ticked.extend(shown);
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
            on:change=tick
        />
    }
    .into_any()
}
