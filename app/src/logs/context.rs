//! The state that all parts of the dashboard share.

use std::sync::Arc;

use domain::{ids::ExperimentId, logs::Layout};
use leptos::prelude::*;

use super::{
    card::DashboardData,
    sections::{CardSection, build_sections},
};
use crate::live::LogFeed;

/// The shared state of the dashboard.
#[derive(Clone)]
pub(super) struct LogsContext {
    /// The experiment that the logs belong to.
    pub(super) experiment: ExperimentId,
    /// The dashboard as last read from the server.
    pub(super) dashboard: Signal<DashboardData>,
    /// The layout with this page's changes, and the version on the server that it is based on.
    pub(super) layout: RwSignal<(Layout, i64)>,
    /// The cards by section, in the order of the layout.
    pub(super) sections: Memo<Vec<CardSection>>,
    /// Live events of the experiment's logs.
    pub(super) feed: LogFeed,
    /// Refetches the dashboard.
    pub(super) refetch: Arc<dyn Fn() + Send + Sync>,
}

impl LogsContext {
    pub(super) fn new(
        experiment: ExperimentId,
        dashboard: Signal<DashboardData>,
        feed: LogFeed,
        refetch: impl Fn() + Send + Sync + 'static,
    ) -> Self {
        let layout = RwSignal::new(dashboard.with_untracked(|data| (data.layout.clone(), data.layout_version)));
        // A newer layout from the server replaces the one on the page.
        Effect::new(move || {
            dashboard.with(|data| {
                if layout.with_untracked(|(_, version)| data.layout_version > *version) {
                    layout.set((data.layout.clone(), data.layout_version));
                }
            });
        });
        let sections =
            Memo::new(move |_| dashboard.with(|data| layout.with(|(layout, _)| build_sections(&data.cards, layout))));
        Self { experiment, dashboard, layout, sections, feed, refetch: Arc::new(refetch) }
    }
}
