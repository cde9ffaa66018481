//! Buttons.

use leptos::ev::MouseEvent;
use leptos::prelude::*;

use super::{Glyph, Icon};

/// The emphasis of a button.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ButtonKind {
    /// One action among others.
    #[default]
    Plain,
    /// The main action of a page or form; at most one is visible.
    Primary,
    /// An action that cannot be undone.
    Danger,
    /// Without border and background until hovered, for toolbars and "Cancel".
    Quiet,
}

impl ButtonKind {
    /// Returns the CSS classes. Links that look like buttons use them too.
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
/// While `busy`, it keeps its focus and width, reports that to assistive technology and ignores clicks.
#[component]
pub fn Button(
    /// The emphasis.
    #[prop(optional)]
    kind: ButtonKind,
    /// Whether it submits the form that contains it.
    #[prop(optional)]
    submit: bool,
    /// Whether the action that it started is in progress.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// Whether it is disabled.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// The label, optionally after an icon.
    children: Children,
) -> impl IntoView {
    view! {
        <button
            type=if submit { "submit" } else { "button" }
            class=kind.class()
            disabled=disabled
            aria-busy=move || busy.get().then_some("true")
            aria-disabled=move || busy.get().then_some("true")
            on:click=move |event| cancel_if_busy(&event, busy.get())
        >
            {children()}
        </button>
    }
    .into_any()
}

/// A square button with only an icon. The label is its accessible name and tooltip.
#[component]
pub fn IconButton(
    /// The icon.
    glyph: Glyph,
    /// The action, in two or three words.
    #[prop(into)]
    label: String,
    /// The emphasis.
    #[prop(default = ButtonKind::Quiet)]
    kind: ButtonKind,
    /// Whether it submits the form that contains it.
    #[prop(optional)]
    submit: bool,
    /// Whether it is disabled.
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

/// Cancels a click on a busy button, which is not disabled because it would lose the focus.
fn cancel_if_busy(event: &MouseEvent, busy: bool) {
    if busy {
        event.prevent_default();
        event.stop_immediate_propagation();
    }
}
