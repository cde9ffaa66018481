//! Leafing through a long list.

use leptos::prelude::*;

/// How many items a page of a list shows.
pub(crate) const PAGE_SIZE: i64 = 100;

/// Links to the page before and the page after, as `?page=n`; nothing when one page holds everything.
#[component]
pub(crate) fn Pager(
    /// The page that is shown, from 1 on.
    page: Signal<i64>,
    /// How many items there are on all pages.
    total: Signal<i64>,
) -> impl IntoView {
    let last = Memo::new(move |_| (total.get().max(1) - 1) / PAGE_SIZE + 1);
    let link = |page: i64, label: &'static str| view! { <a class="button button-quiet" href=format!("?page={page}")>{label}</a> };
    move || {
        let (page, last) = (page.get(), last.get());
        (last > 1).then(|| {
            view! {
                <nav class="button-row" aria-label="Pages">
                    {(page > 1).then(|| link(page - 1, "Previous"))}
                    <span>{format!("Page {page} of {last}")}</span>
                    {(page < last).then(|| link(page + 1, "Next"))}
                </nav>
            }
        })
    }
}
