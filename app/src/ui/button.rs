use leptos::ev::MouseEvent;
use leptos::prelude::*;

use super::{Glyph, Icon};

/// How much a button asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ButtonKind {
    /// One action among others.
    #[default]
    Plain,
    /// The one thing a page or form is for; at most one in sight.
    Primary,
    /// What cannot be taken back.
    Danger,
    /// Steps back until it is pointed at: toolbars, cancel.
    Quiet,
}

impl ButtonKind {
    /// The classes; links that look like buttons use the same.
    pub const fn class(self) -> &'static str {
        match self {
            Self::Plain => "button",
            Self::Primary => "button button-primary",
            Self::Danger => "button button-danger",
            Self::Quiet => "button button-quiet",
        }
    }
}

/// A button. Listen with `on:click`; add `attr:name` and `attr:value` where a form needs them.
///
/// While `busy` it keeps its focus and its width, says so to assistive technology, and ignores clicks.
#[component]
pub fn Button(
    /// How much it asks for.
    #[prop(optional)]
    kind: ButtonKind,
    /// Submits the form around it.
    #[prop(optional)]
    submit: bool,
    /// Something that it started is under way.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// Cannot be used now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// A word, with an icon before it if that helps.
    children: Children,
) -> impl IntoView {
    view! {
        <button
            type=if submit { "submit" } else { "button" }
            class=kind.class()
            disabled=disabled
            aria-busy=move || busy.get().then_some("true")
            aria-disabled=move || busy.get().then_some("true")
            on:click=move |event| refuse_if(&event, busy.get())
        >
            {children()}
        </button>
    }
    .into_any()
}

/// A square button with only a picture; the label is its name and its tooltip.
#[component]
pub fn IconButton(
    /// The picture.
    glyph: Glyph,
    /// What it does, in two or three words.
    #[prop(into)]
    label: String,
    /// How much it asks for.
    #[prop(default = ButtonKind::Quiet)]
    kind: ButtonKind,
    /// Submits the form around it.
    #[prop(optional)]
    submit: bool,
    /// Cannot be used now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
) -> impl IntoView {
    view! {
        <button
            type=if submit { "submit" } else { "button" }
            class=format!("{} button-icon", kind.class())
            aria-label=label.clone()
            title=label
            disabled=disabled
        >
            <Icon glyph/>
        </button>
    }
    .into_any()
}

/// A disabled button would lose the focus, so a busy one only refuses.
fn refuse_if(event: &MouseEvent, busy: bool) {
    if busy {
        event.prevent_default();
        event.stop_immediate_propagation();
    }
}
