//! The Evaluation tab of an experiment.

use leptos::prelude::*;

use crate::ui::{EmptyState, Glyph};

/// The evaluation of the experiment's predictions.
#[component]
pub(crate) fn EvaluationTab() -> impl IntoView {
    view! {
        <EmptyState
            glyph=Glyph::Target
            title="No evaluations yet"
            text="No predictions to compare with ground truth yet."
        />
    }
}
