//! Highlights values that change live.

use leptos::prelude::*;

/// A text that flashes once, softly, each time it changes. The first value does not flash.
///
/// # Server-side rendering
/// Renders the text.
#[component]
pub fn Flash(
    /// The text.
    #[prop(into)]
    value: Signal<String>,
) -> impl IntoView {
    view! { <span class=flash_on_change(value)>{value}</span> }.into_any()
}

/// Returns a CSS class that restarts the flash animation at each change after the first value.
pub(super) fn flash_on_change(value: Signal<String>) -> Signal<&'static str> {
    let changes = RwSignal::new(0_u32);
    Effect::new(move |before: Option<String>| {
        let now = value.get();
        if before.is_some_and(|before| before != now) {
            changes.update(|changes| *changes = changes.wrapping_add(1));
        }
        now
    });
    // Alternates between two names of the same animation, because a class that stays does not restart it.
    Signal::derive(move || match changes.get() {
        0 => "",
        odd if odd % 2 == 1 => "flash-odd",
        _ => "flash-even",
    })
}
