//! The product's logo.

use leptos::prelude::*;

/// The logo: a focusing screen with a split image. Hidden from screen readers; the name is always next to it.
#[component]
pub fn Logo() -> impl IntoView {
    view! {
        <svg class="logo" viewBox="0 0 24 24" aria-hidden="true">
            <path d="M3 7V5a2 2 0 0 1 2-2h2M17 3h2a2 2 0 0 1 2 2v2M21 17v2a2 2 0 0 1-2 2h-2M7 21H5a2 2 0 0 1-2-2v-2"></path>
            <path class="logo-upper" d="M5.2 11.4a6 6 0 0 1 12 0z"></path>
            <path class="logo-lower" d="M6.8 12.6a6 6 0 0 0 12 0z"></path>
        </svg>
    }
}
