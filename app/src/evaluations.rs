//! The tab of an experiment's evaluation.

use leptos::prelude::*;

use crate::ui::{EmptyState, Glyph};

/// How good the predictions are, image by image.
#[component]
pub(crate) fn EvaluationTab() -> impl IntoView {
    view! {
        <EmptyState
            glyph=Glyph::Target
            title="Nothing evaluated"
            text="There are no predictions of this experiment to hold against a ground truth."
        />
    }
}
