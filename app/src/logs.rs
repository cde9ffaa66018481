//! The tab of an experiment's logs.

use leptos::prelude::*;

use crate::{
    experiments::About,
    ui::{EmptyState, Glyph},
};

/// What the experiment is, and what its training logged.
#[component]
pub(crate) fn LogsTab() -> impl IntoView {
    view! {
        <About/>
        <EmptyState glyph=Glyph::ChartLine title="No logs" text="Nothing has been logged to this experiment."/>
    }
}
