use leptos::prelude::*;

use super::{Glyph, Icon};

/// The place where something will be: one sentence on what belongs here, and one action or snippet.
#[component]
pub fn EmptyState(
    /// The picture of what belongs here.
    glyph: Glyph,
    /// What is missing, in a few words: "No experiments yet".
    #[prop(into)]
    title: String,
    /// One sentence on what belongs here and how it comes.
    #[prop(into)]
    text: String,
    /// One action or one snippet.
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

/// Something failed: what happened, what to do, an id to quote.
#[component]
pub fn ErrorPanel(
    /// What happened.
    #[prop(into)]
    title: String,
    /// What the reader can do about it.
    #[prop(into)]
    advice: String,
    /// The id under which it is in the server's log; an empty one is not shown.
    #[prop(optional, into)]
    id: Option<String>,
    /// It is all that the page shows, so its title is the page's `<h1>`.
    #[prop(optional)]
    page: bool,
    /// Ways on: a link back, a button that tries again.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <section class="error-panel" role="alert">
            <Icon glyph=Glyph::TriangleAlert/>
            <div class="error-text">
                {if page { view! { <h1>{title}</h1> }.into_any() } else { view! { <h2>{title}</h2> }.into_any() }}
                <p>{advice}</p>
                {id.filter(|id| !id.is_empty()).map(|id| view! { <p class="error-id">"Quote this id: " <code>{id}</code></p> })}
                {children.map(|children| view! { <div class="error-actions">{children()}</div> })}
            </div>
        </section>
    }
    .into_any()
}

/// What a notice is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NoticeKind {
    /// Worth knowing.
    #[default]
    Info,
    /// It worked.
    Good,
    /// Worth a second look.
    Warn,
    /// It did not work.
    Bad,
}

impl NoticeKind {
    /// The class's ending, and the picture.
    pub(super) const fn look(self) -> (&'static str, Glyph) {
        match self {
            Self::Info => ("info", Glyph::Info),
            Self::Good => ("good", Glyph::CircleCheck),
            Self::Warn => ("warn", Glyph::TriangleAlert),
            Self::Bad => ("bad", Glyph::CircleX),
        }
    }
}

/// A line or two inside a page: why something cannot be done, what a form's answer was.
#[component]
pub fn Notice(
    /// What it is about.
    #[prop(optional)]
    kind: NoticeKind,
    /// Text and inline elements.
    children: Children,
) -> impl IntoView {
    let (ending, glyph) = kind.look();
    view! {
        <div class=format!("notice notice-{ending}") role=(kind == NoticeKind::Bad).then_some("alert")>
            <Icon glyph/>
            <p>{children()}</p>
        </div>
    }
    .into_any()
}
