//! Status badges.

use leptos::prelude::*;

use super::flash::flash_on_change;
use super::{Glyph, Icon};

/// The status of an experiment, shown as text and icon and not by color alone. Flashes once when it changes.
#[component]
pub fn StatusBadge(
    /// `WAITING`, `RUNNING`, `SUCCESS`, `FAILED`, `CANCELED` or `TERMINATED`; other texts are shown like `WAITING`.
    #[prop(into)]
    status: Signal<String>,
) -> impl IntoView {
    let flash = flash_on_change(status);
    view! {
        <span class=move || format!("status status-{} {}", status.with(|status| status_style(status).0), flash.get())>
            {move || match status.with(|status| status_style(status).1) {
                Some(glyph) => view! { <Icon glyph/> }.into_any(),
                None => view! { <span class="live-dot" aria-hidden="true"></span> }.into_any(),
            }}
            {status}
        </span>
    }
    .into_any()
}

/// Returns the suffix of the CSS class and the icon. `RUNNING` has an animated dot instead of an icon.
fn status_style(status: &str) -> (&'static str, Option<Glyph>) {
    match status {
        "RUNNING" => ("running", None),
        "SUCCESS" => ("success", Some(Glyph::CircleCheck)),
        "FAILED" => ("failed", Some(Glyph::CircleX)),
        "CANCELED" => ("ended", Some(Glyph::CircleSlash)),
        "TERMINATED" => ("ended", Some(Glyph::CircleStop)),
        _ => ("waiting", Some(Glyph::CircleDashed)),
    }
}
