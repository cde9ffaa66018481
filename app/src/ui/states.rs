//! Messages in place of content: empty states, errors and notices.

use leptos::prelude::*;

use super::{Glyph, Icon};

/// Replaces an empty list: a title, one sentence on what appears here and how, and one action or code snippet.
#[component]
pub fn EmptyState(
    /// The icon.
    glyph: Glyph,
    /// What is missing: "No experiments yet".
    #[prop(into)]
    title: String,
    /// What appears here, and how to add it.
    #[prop(into)]
    text: String,
    /// One action or code snippet.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <section class="empty">
            <span class="empty-icon">
                <Icon glyph/>
            </span>
            <h2>{title}</h2>
            <p>{text}</p>
            {children.map(|children| view! { <div class="empty-action">{children()}</div> })}
        </section>
    }
    .into_any()
}

/// An error: what happened, what to do, and an id for support.
#[component]
pub fn ErrorPanel(
    /// What happened.
    #[prop(into)]
    title: String,
    /// What to do.
    #[prop(into)]
    advice: String,
    /// The id of the error in the server's log; not shown if empty.
    #[prop(optional, into)]
    id: Option<String>,
    /// Whether it is the page's only content; its title is then the `<h1>`.
    #[prop(optional)]
    page: bool,
    /// Actions, such as a link back or a button to try again.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <section class="error-panel" role="alert">
            <Icon glyph=Glyph::TriangleAlert/>
            <div class="error-text">
                {if page { view! { <h1>{title}</h1> }.into_any() } else { view! { <h2>{title}</h2> }.into_any() }}
                <p>{advice}</p>
                {id.filter(|id| !id.is_empty()).map(|id| view! { <p class="error-id">"Error ID: " <code>{id}</code></p> })}
                {children.map(|children| view! { <div class="error-actions">{children()}</div> })}
            </div>
        </section>
    }
    .into_any()
}

/// The severity of a notice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NoticeKind {
    /// Information.
    #[default]
    Info,
    /// Success.
    Success,
    /// Warning.
    Warn,
    /// Error.
    Error,
}

impl NoticeKind {
    /// Returns the suffix of the CSS class and the icon.
    pub(super) const fn style(self) -> (&'static str, Glyph) {
        match self {
            Self::Info => ("info", Glyph::Info),
            Self::Success => ("good", Glyph::CircleCheck),
            Self::Warn => ("warn", Glyph::TriangleAlert),
            Self::Error => ("bad", Glyph::CircleX),
        }
    }
}

/// A short message inside a page, such as the result of a form.
#[component]
pub fn Notice(
    /// The severity.
    #[prop(optional)]
    kind: NoticeKind,
    /// Text and inline elements.
    children: Children,
) -> impl IntoView {
    let (class, glyph) = kind.style();
    view! {
        <div class=format!("notice notice-{class}") role=(kind == NoticeKind::Error).then_some("alert")>
            <Icon glyph/>
            <p>{children()}</p>
        </div>
    }
    .into_any()
}
