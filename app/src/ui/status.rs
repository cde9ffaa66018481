use leptos::prelude::*;

use super::flash::flash_on_change;
use super::{Glyph, Icon};

/// The status of an experiment: always a word and a picture, never only a colour. A change flashes once.
#[component]
pub fn StatusBadge(
    /// `WAITING`, `RUNNING`, `SUCCESS`, `FAILED`, `CANCELED` or `TERMINATED`; other words are shown without a colour.
    #[prop(into)]
    status: Signal<String>,
) -> impl IntoView {
    let flash = flash_on_change(status);
    view! {
        <span class=move || format!("status status-{} {}", status.with(|status| look(status).0), flash.get())>
            {move || match status.with(|status| look(status).1) {
                Some(glyph) => view! { <Icon glyph/> }.into_any(),
                None => view! { <span class="live-dot" aria-hidden="true"></span> }.into_any(),
            }}
            {status}
        </span>
    }
    .into_any()
}

/// The ending of the class, and the picture; what runs has a living dot instead.
fn look(status: &str) -> (&'static str, Option<Glyph>) {
    match status {
        "RUNNING" => ("running", None),
        "SUCCESS" => ("success", Some(Glyph::CircleCheck)),
        "FAILED" => ("failed", Some(Glyph::CircleX)),
        "CANCELED" => ("ended", Some(Glyph::CircleSlash)),
        "TERMINATED" => ("ended", Some(Glyph::CircleStop)),
        _ => ("waiting", Some(Glyph::CircleDashed)),
    }
}
