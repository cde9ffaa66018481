//! The tab of what an experiment's training prints.

use leptos::prelude::*;

use crate::ui::{EmptyState, Glyph};

/// The console of the training.
#[component]
pub(crate) fn TelemetryTab() -> impl IntoView {
    view! { <EmptyState glyph=Glyph::Terminal title="No output" text="The training of this experiment has printed nothing."/> }
}
