//! Pagination of long lists.

use leptos::prelude::*;

/// Number of items per page of a list.
pub(crate) const PAGE_SIZE: i64 = 100;

/// Links to the previous and the next page, as `?page=n`. Empty if there is only one page.
#[component]
pub(crate) fn Pager(
    /// The current page, counted from 1.
    page: Signal<i64>,
    /// Number of items on all pages.
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
