//! Colors and typography.

use leptos::prelude::*;

use crate::ui::Theme;

const SURFACES: [&str; 6] = ["surface-0", "surface-1", "surface-2", "surface-3", "line", "line-strong"];
const INKS: [&str; 4] = ["ink-1", "ink-2", "ink-3", "accent-ink"];
const MEANINGS: [&str; 8] = ["accent", "good", "bad", "warn", "info", "ended", "danger", "image-ground"];
const CLASSES: [&str; 10] = ["cat-1", "cat-2", "cat-3", "cat-4", "cat-5", "cat-6", "cat-7", "cat-8", "cat-9", "cat-10"];

/// All colors and text sizes by name.
pub(super) fn token_sections(theme: Theme) -> AnyView {
    view! {
        <section class="stack">
            <h2>"Tokens, " {theme.name()}</h2>
            {swatches(&SURFACES)} {swatches(&INKS)} {swatches(&MEANINGS)} {swatches(&CLASSES)}
        </section>
        <section class="stack">
            <h2>"Typography"</h2>
            <p class="display">"Display 28: 0.214 at epoch 12"</p>
            <h3>"Heading 14"</h3>
            <p>"Body 14: larger input, mosaic off; " <a href="#content">"a link"</a> " in its text."</p>
            <p class="small">"Small 13, for tables and panels."</p>
            <p class="muted small">"Muted, for secondary text."</p>
            <p class="mono">"Mono 0123456789 · 018f3c2a-77b1 · 3,120 of 124,800"</p>
        </section>
    }
    .into_any()
}

fn swatches(names: &[&'static str]) -> AnyView {
    let swatches = names
        .iter()
        .map(|name| {
            // Presentation attributes, because the content security policy refuses inline styles.
            view! {
                <div>
                    <dt class="truncate">{*name}</dt>
                    <dd>
                        <svg viewBox="0 0 96 32" aria-hidden="true">
                            <rect
                                x="0.5"
                                y="0.5"
                                width="95"
                                height="31"
                                rx="4"
                                fill=format!("var(--{name})")
                                stroke="var(--line)"
                            ></rect>
                        </svg>
                    </dd>
                </div>
            }
        })
        .collect_view();
    view! { <dl class="swatches">{swatches}</dl> }.into_any()
}
