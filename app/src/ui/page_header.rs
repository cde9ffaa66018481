use leptos::children::ViewFnOnce;
use leptos::prelude::*;

/// One step of the way to a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Crumb {
    /// Its name.
    pub label: String,
    /// Where it leads.
    pub href: String,
}

impl Crumb {
    /// A step called `label` that leads to `href`.
    pub fn new(label: impl Into<String>, href: impl Into<String>) -> Self {
        Self { label: label.into(), href: href.into() }
    }
}

/// The way to a page, without the page itself.
#[component]
pub fn Breadcrumb(
    /// From the outermost to the one above this page.
    crumbs: Vec<Crumb>,
) -> impl IntoView {
    let steps = crumbs.into_iter().map(|crumb| view! { <li><a href=crumb.href>{crumb.label}</a></li> }).collect_view();
    view! {
        <nav class="path" aria-label="Path">
            <ol>{steps}</ol>
        </nav>
    }
    .into_any()
}

/// The top of a page: the way to it, its name, what is going on, and what can be done.
#[component]
pub fn PageHeader(
    /// The way to the page, which may be empty.
    #[prop(optional)]
    crumbs: Vec<Crumb>,
    /// The page's name, its only `<h1>`.
    #[prop(into)]
    title: Signal<String>,
    /// What is going on, beside the name: a status, counts.
    #[prop(optional, into)]
    meta: Option<ViewFnOnce>,
    /// What can be done, at the right end.
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
