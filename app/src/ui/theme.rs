//! The color theme.

use leptos::ev::MouseEvent;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::{Glyph, Icon};

/// The color theme.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// The operating system's setting.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// Returns the theme with this name. Unknown names mean [`Theme::System`].
    pub fn from_name(name: &str) -> Self {
        Self::ALL.into_iter().find(|theme| theme.name() == name).unwrap_or_default()
    }

    /// Returns the name used in the cookie `theme` and in the form.
    pub const fn name(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// Returns the value of `data-theme` on `<html>`; `None` for [`Theme::System`].
    pub fn attribute(self) -> Option<&'static str> {
        (self != Self::System).then(|| self.name())
    }

    /// Returns label and icon.
    const fn label_and_icon(self) -> (&'static str, Glyph) {
        match self {
            Self::System => ("System", Glyph::Monitor),
            Self::Light => ("Light", Glyph::Sun),
            Self::Dark => ("Dark", Glyph::Moon),
        }
    }
}

/// Selects the theme, which is stored in a cookie for a year.
///
/// A form that posts `theme` (`system`, `light` or `dark`) and `next` (the path to return to) to `action`, whose handler
/// sets the cookie and redirects. With JavaScript, it sets the cookie itself and sends nothing.
///
/// # Server-side rendering
/// Renders the form with `current` selected.
#[component]
pub fn ThemeSwitch(
    /// The URL that the form posts to.
    #[prop(into)]
    action: String,
    /// The path of the current page.
    #[prop(into)]
    next: Signal<String>,
    /// The theme from the request's cookie.
    #[prop(optional)]
    current: Theme,
) -> impl IntoView {
    let selected = RwSignal::new(current);
    let buttons = Theme::ALL
        .map(|theme| {
            let (label, glyph) = theme.label_and_icon();
            let select = move |event: MouseEvent| {
                if apply_theme(theme).is_some() {
                    event.prevent_default();
                    selected.set(theme);
                }
            };
            view! {
                <button
                    class="segment"
                    type="submit"
                    name="theme"
                    value=theme.name()
                    aria-pressed=move || if selected.get() == theme { "true" } else { "false" }
                    on:click=select
                >
                    <Icon glyph/>
                    {label}
                </button>
            }
        })
        .collect_view();
    view! {
        <form class="theme-switch" method="post" action=action>
            <input type="hidden" name="next" value=next/>
            <div class="segments" role="group" aria-label="Theme">
                {buttons}
            </div>
        </form>
    }
    .into_any()
}

/// Applies a theme and stores it. Returns `None` if the browser refuses; then the form is submitted.
fn apply_theme(theme: Theme) -> Option<()> {
    let document = document();
    let root = document.document_element()?;
    match theme.attribute() {
        Some(name) => root.set_attribute("data-theme", name).ok()?,
        None => root.remove_attribute("data-theme").ok()?,
    }
    let cookie = format!("theme={}; Path=/; Max-Age=31536000; SameSite=Lax", theme.name());
    document.dyn_into::<web_sys::HtmlDocument>().ok()?.set_cookie(&cookie).ok()
}
