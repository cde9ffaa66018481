//! The page header with its breadcrumb.

use leptos::children::ViewFnOnce;
use leptos::prelude::*;

/// One entry of a breadcrumb.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Crumb {
    /// The label.
    pub label: String,
    /// The link.
    pub href: String,
}

impl Crumb {
    /// Creates an entry.
    pub fn new(label: impl Into<String>, href: impl Into<String>) -> Self {
        Self { label: label.into(), href: href.into() }
    }
}

/// The path to a page, without the page itself.
#[component]
pub fn Breadcrumb(
    /// The entries, outermost first.
    crumbs: Vec<Crumb>,
) -> impl IntoView {
    let steps = crumbs.into_iter().map(|crumb| view! { <li><a href=crumb.href>{crumb.label}</a></li> }).collect_view();
    view! {
        <nav class="breadcrumb" aria-label="Breadcrumb">
            <ol>{steps}</ol>
        </nav>
    }
    .into_any()
}

/// The header of a page: breadcrumb, title, status and actions.
#[component]
pub fn PageHeader(
    /// The breadcrumb; may be empty.
    #[prop(optional)]
    crumbs: Vec<Crumb>,
    /// The page's title, its only `<h1>`.
    #[prop(into)]
    title: Signal<String>,
    /// Content next to the title, such as a status or counts.
    #[prop(optional, into)]
    meta: Option<ViewFnOnce>,
    /// Actions, at the right end.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <header class="page-head">
            <div class="page-name">
                {(!crumbs.is_empty()).then(|| view! { <Breadcrumb crumbs/> })}
                <h1>{title}</h1>
            </div>
            {meta.map(|meta| view! { <div class="page-meta">{meta.run()}</div> })}
            {children.map(|children| view! { <div class="page-actions">{children()}</div> })}
        </header>
    }
    .into_any()
}
