use leptos::prelude::*;

/// A text that changes live: each change lights it up once, softly.
///
/// # Server-side rendering
/// Yields the text; the first value never flashes.
#[component]
pub fn Flash(
    /// The text.
    #[prop(into)]
    value: Signal<String>,
) -> impl IntoView {
    view! { <span class=flash_on_change(value)>{value}</span> }.into_any()
}

/// A class that restarts the animation at every change after the first value.
pub(super) fn flash_on_change(value: Signal<String>) -> Signal<&'static str> {
    let changes = RwSignal::new(0_u32);
    Effect::new(move |before: Option<String>| {
        let now = value.get();
        if before.is_some_and(|before| before != now) {
            changes.update(|changes| *changes = changes.wrapping_add(1));
        }
        now
    });
    // The same animation under two names in turn, because a class that stays does not start it again.
    Signal::derive(move || match changes.get() {
        0 => "",
        odd if odd % 2 == 1 => "flash-odd",
        _ => "flash-even",
    })
}
