//! The state that all parts of the artifacts tab share.

use std::sync::Arc;

use domain::ids::{ArtifactId, ExperimentId};
use leptos::{html, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};

use super::{
    artifact_row::{ArtifactRow, ArtifactsView},
    ordering,
    url_state::{ArtifactsViewState, OpenPanel, PanelKind},
};

type Navigate = Arc<dyn Fn(&str, NavigateOptions) + Send + Sync>;

/// The shared state of the tab.
#[derive(Clone, Copy)]
pub(super) struct ArtifactsContext {
    /// The experiment that the artifacts belong to.
    pub(super) experiment: ExperimentId,
    /// The artifacts as last read from the server.
    pub(super) view: Signal<ArtifactsView>,
    /// Search, sort order and open panel, as in the address.
    pub(super) state: Memo<ArtifactsViewState>,
    /// The artifacts that match the search, in sort order.
    pub(super) matching: Memo<Vec<ArtifactId>>,
    /// The rows of the table: the matching artifacts. While a menu is open, rows keep their order and new ones come last.
    pub(super) table_rows: Memo<Vec<ArtifactId>>,
    /// Whether a menu is open.
    pub(super) menu_open: RwSignal<bool>,
    /// The selected artifacts, including those that the search hides.
    pub(super) selected: RwSignal<Vec<ArtifactId>>,
    /// The tab's root element.
    pub(super) root: NodeRef<html::Div>,
    refetch: StoredValue<Arc<dyn Fn() + Send + Sync>>,
    navigate: StoredValue<Navigate>,
}

impl ArtifactsContext {
    pub(super) fn new(
        experiment: Memo<ExperimentId>,
        view: Signal<ArtifactsView>,
        state: Memo<ArtifactsViewState>,
        refetch: impl Fn() + Send + Sync + 'static,
    ) -> Self {
        // Opening a panel must not sort again.
        let table_state = Memo::new(move |_| state.with(ArtifactsViewState::without_panel));
        let matching = Memo::new(move |_| {
            view.with(|view| table_state.with(|state| ordering::filter_and_sort(&view.rows, state)))
        });
        let menu_open = RwSignal::new(false);
        let table_rows = Memo::new(move |last: Option<&Vec<ArtifactId>>| match (menu_open.get(), last) {
            (true, Some(last)) => matching.with(|matching| ordering::keep_previous_order(last, matching)),
            _ => matching.get(),
        });
        Self {
            table_rows,
            menu_open,
            experiment: experiment.get_untracked(),
            view,
            state,
            matching,
            selected: RwSignal::default(),
            root: NodeRef::new(),
            refetch: StoredValue::new(Arc::new(refetch)),
            navigate: StoredValue::new(Arc::new(use_navigate())),
        }
    }

    /// Returns the current state of an artifact, or `None` if it was deleted or is on another page.
    pub(super) fn artifact_row(self, id: ArtifactId) -> Option<ArtifactRow> {
        self.view.with(|view| view.rows.iter().find(|row| row.id == id).cloned())
    }

    /// Returns the artifacts that are selected and match the search.
    pub(super) fn selected_matching(self) -> Vec<ArtifactId> {
        let mut artifacts = self.matching.get();
        self.selected.with(|selected| artifacts.retain(|id| selected.contains(id)));
        artifacts
    }

    /// Refetches the artifacts.
    pub(super) fn refetch(self) {
        if let Some(refetch) = self.refetch.try_get_value() {
            refetch();
        }
    }

    /// Returns the tab's URL in this state.
    pub(super) fn url(self, state: &ArtifactsViewState) -> String {
        let path = format!("/experiment/{}/artifacts{}", self.experiment, state.to_query());
        path.trim_end_matches('?').to_owned()
    }

    /// Returns the tab's URL with this panel open, and the search and sort order of now. Does not follow the state.
    pub(super) fn panel_url(self, panel: OpenPanel) -> String {
        self.url(&self.state.with_untracked(|state| state.with_panel(panel)))
    }

    /// Returns the tab's URL with no panel open.
    pub(super) fn closed_url(self) -> String {
        self.url(&self.state.with(ArtifactsViewState::without_panel))
    }

    /// Navigates to this state of the tab. With `push`, the browser's back button returns to the state of before.
    pub(super) fn navigate(self, state: &ArtifactsViewState, push: bool) {
        let options = NavigateOptions { replace: !push, scroll: false, ..NavigateOptions::default() };
        if let Some(navigate) = self.navigate.try_get_value() {
            navigate(&self.url(state), options);
        }
    }

    /// Opens a panel.
    pub(super) fn open_panel(self, panel: OpenPanel) {
        let state = self.state.get_untracked();
        self.navigate(&state.with_panel(panel), state.panel.kind == PanelKind::Closed);
    }

    /// Closes the panel.
    pub(super) fn close_panel(self) {
        let state = self.state.try_get_untracked();
        if let Some(state) = state.filter(|state| state.panel.kind != PanelKind::Closed) {
            self.navigate(&state.without_panel(), false);
        }
    }

    /// Returns the URL of the ZIP archive of these artifacts; of all artifacts if the list is empty.
    pub(super) fn archive_url(self, artifacts: &[ArtifactId]) -> String {
        let query: Vec<String> = artifacts.iter().map(|id| format!("artifact={id}")).collect();
        let separator = if artifacts.is_empty() { "" } else { "?" };
        format!("/files/experiment/{}/artifacts.zip{separator}{}", self.experiment, query.join("&"))
    }
}

/// Returns the URL that downloads an artifact's file; `None` means the current version.
pub(super) fn file_url(id: ArtifactId, version: Option<i64>) -> String {
    version.map_or_else(|| format!("/files/artifact/{id}"), |version| format!("/files/artifact/{id}?version={version}"))
}
