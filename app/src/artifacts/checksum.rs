//! A checksum that can be copied.

use leptos::prelude::*;

use crate::ui::{Glyph, Icon};

/// Shows the first 8 digits of a SHA-256, the full checksum as a tooltip, and a button that copies it.
pub(super) fn copyable_checksum(sha256: impl Fn() -> String + Clone + Send + Sync + 'static) -> AnyView {
    let (title, copied) = (sha256.clone(), sha256.clone());
    view! {
        <code title=move || format!("SHA-256: {}", title())>{move || sha256().chars().take(8).collect::<String>()}</code>
        <button
            type="button"
            class="button button-quiet button-icon scripted"
            data-copy=copied
            data-copied-message="Checksum copied."
            aria-label="Copy checksum"
            title="Copy checksum"
        >
            <Icon glyph=Glyph::Copy/>
        </button>
    }
    .into_any()
}
