//! What stands above the table: the search, how much there is, ways to take all of it and to add to it.

use domain::format;
use leptos::prelude::*;

use super::{look::Look, page::Page};
use crate::{
    ui::{Glyph, Icon},
    uploads::UploadButtons,
};

/// The tools. Without scripts the search is a form.
pub(super) fn toolbar(page: Page) -> AnyView {
    let first = page.look.get_untracked();
    let sort = if first.closed().query().contains("sort=") { first.sort_word() } else { String::new() };
    let search = move |event| {
        let look = Look { filter: event_target_value(&event), ..page.look.get_untracked() };
        page.go(&look, false);
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
                        value=first.filter
                        placeholder="Search artifacts"
                        autocomplete="off"
                        on:input=search
                    />
                </label>
                {(!sort.is_empty()).then(|| view! { <input type="hidden" name="sort" value=sort/> })}
            </form>
            <p class="hint artifacts-total" role="status">{move || total(page)}</p>
            <div class="toolbar-end tools">
                <a class="button" href=page.archive(&[]) download="">
                    <Icon glyph=Glyph::Download/>
                    "Download all"
                </a>
                <UploadButtons experiment=page.experiment/>
            </div>
        </div>
    }
    .into_any()
}

/// `12 files, 1.4 GiB`, or what the search leaves of them.
fn total(page: Page) -> String {
    let shown = page.shown.get();
    page.view.with(|view| {
        let all = usize::try_from(view.total).unwrap_or(view.rows.len());
        let size = view.rows.iter().filter(|row| shown.len() == view.rows.len() || shown.contains(&row.id));
        let size = format::bytes(size.map(|row| row.file.size).sum());
        match shown.len() {
            some if some == view.rows.len() && some == all => format!("{}, {size}", format::count(all, "file")),
            some => format!("{some} of {}, {size}", format::count(all, "file")),
        }
    })
}
