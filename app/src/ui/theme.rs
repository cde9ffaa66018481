use leptos::ev::MouseEvent;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::{Glyph, Icon};

/// Which of the two looks a person wants.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// Whatever their system says.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// By its word, as in the cookie `theme` and in the form; unknown words mean the system's.
    pub fn from_word(word: &str) -> Self {
        Self::ALL.into_iter().find(|theme| theme.word() == word).unwrap_or_default()
    }

    /// Its word in the cookie `theme` and in the form.
    pub const fn word(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The value of `data-theme` on `<html>`; the system's theme has none.
    pub fn attribute(self) -> Option<&'static str> {
        (self != Self::System).then(|| self.word())
    }

    const fn look(self) -> (&'static str, Glyph) {
        match self {
            Self::System => ("System", Glyph::Monitor),
            Self::Light => ("Light", Glyph::Sun),
            Self::Dark => ("Dark", Glyph::Moon),
        }
    }
}

/// Chooses the theme, which a cookie then remembers for a year.
///
/// A plain form that posts `theme` (`system`, `light` or `dark`) and `next` (the path to return to) to `action`, whose
/// handler sets the cookie and redirects. In the browser it does all of that itself and sends nothing.
///
/// # Server-side rendering
/// Yields the form with `current` pressed.
#[component]
pub fn ThemeSwitch(
    /// Where the form posts to.
    #[prop(into)]
    action: String,
    /// The path of this page.
    #[prop(into)]
    next: Signal<String>,
    /// The theme that the request's cookie named.
    #[prop(optional)]
    current: Theme,
) -> impl IntoView {
    let chosen = RwSignal::new(current);
    let choices = Theme::ALL
        .map(|theme| {
            let (label, glyph) = theme.look();
            let choose = move |event: MouseEvent| {
                if apply(theme).is_some() {
                    event.prevent_default();
                    chosen.set(theme);
                }
            };
            view! {
                <button
                    class="segment"
                    type="submit"
                    name="theme"
                    value=theme.word()
                    aria-pressed=move || if chosen.get() == theme { "true" } else { "false" }
                    on:click=choose
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
                {choices}
            </div>
        </form>
    }
    .into_any()
}

/// Shows and remembers a theme; `None` if the browser would not, and then the form does it.
fn apply(theme: Theme) -> Option<()> {
    let document = document();
    let root = document.document_element()?;
    match theme.attribute() {
        Some(word) => root.set_attribute("data-theme", word).ok()?,
        None => root.remove_attribute("data-theme").ok()?,
    }
    let cookie = format!("theme={}; Path=/; Max-Age=31536000; SameSite=Lax", theme.word());
    document.dyn_into::<web_sys::HtmlDocument>().ok()?.set_cookie(&cookie).ok()
}
