//! The Telemetry tab of an experiment.

use leptos::prelude::*;

use crate::ui::{EmptyState, Glyph};

/// The console output of the training.
#[component]
pub(crate) fn TelemetryTab() -> impl IntoView {
    view! { <EmptyState glyph=Glyph::Terminal title="No output" text="Groundglass doesn't record console output yet. Metrics appear under Logs."/> }
}
