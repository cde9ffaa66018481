//! The tab once its artifacts are read.

use std::sync::Arc;

use domain::ids::{ArtifactId, ExperimentId};
use leptos::{html, prelude::*};
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_query_map},
};

use super::{
    events,
    look::{Asked, Look, What},
    order,
    panel::panel,
    row::{ArtifactsView, Row},
    selection::selection,
    snippet::nothing_yet,
    table::table,
    toolbar::toolbar,
};
use crate::{
    ui::{Notice, NoticeKind},
    uploads::DropArea,
};

type Go = Arc<dyn Fn(&str, NavigateOptions) + Send + Sync>;

/// What all parts of the tab share.
#[derive(Clone, Copy)]
pub(super) struct Page {
    /// Whose artifacts these are.
    pub(super) experiment: ExperimentId,
    /// What was read last.
    pub(super) view: Signal<ArtifactsView>,
    /// How it is looked at, as the address says.
    pub(super) look: Memo<Look>,
    /// What the table shows, in order.
    pub(super) shown: Memo<Vec<ArtifactId>>,
    /// The same as it stands in the table: while a menu is open nothing in it moves, and what is new comes last.
    pub(super) placed: Memo<Vec<ArtifactId>>,
    /// Whether a menu is open.
    pub(super) held: RwSignal<bool>,
    /// What is ticked, whether it is shown or not.
    pub(super) ticked: RwSignal<Vec<ArtifactId>>,
    /// The tab's root.
    pub(super) root: NodeRef<html::Div>,
    again: StoredValue<Arc<dyn Fn() + Send + Sync>>,
    go: StoredValue<Go>,
}

impl Page {
    pub(super) fn new(
        experiment: Memo<ExperimentId>,
        view: Signal<ArtifactsView>,
        again: impl Fn() + Send + Sync + 'static,
    ) -> Self {
        let query = use_query_map();
        let look = Memo::new(move |_| query.with(|query| Look::read(|key| query.get_all(key).unwrap_or_default())));
        let order = Memo::new(move |_| look.with(Look::closed));
        let shown = Memo::new(move |_| view.with(|view| order.with(|look| order::shown(&view.rows, look))));
        let held = RwSignal::new(false);
        let placed = Memo::new(move |last: Option<&Vec<ArtifactId>>| match (held.get(), last) {
            (true, Some(last)) => shown.with(|shown| order::kept(last, shown)),
            _ => shown.get(),
        });
        Self {
            placed,
            held,
            experiment: experiment.get_untracked(),
            view,
            look,
            shown,
            ticked: RwSignal::default(),
            root: NodeRef::new(),
            again: StoredValue::new(Arc::new(again)),
            go: StoredValue::new(Arc::new(use_navigate())),
        }
    }

    /// An artifact as it is now; none when it is gone, or beyond what was read.
    pub(super) fn row(self, id: ArtifactId) -> Option<Row> {
        self.view.with(|view| view.rows.iter().find(|row| row.id == id).cloned())
    }

    /// What is ticked and shown.
    pub(super) fn chosen(self) -> Vec<ArtifactId> {
        let mut chosen = self.shown.get();
        self.ticked.with(|ticked| chosen.retain(|id| ticked.contains(id)));
        chosen
    }

    /// Reads the artifacts again.
    pub(super) fn refetch(self) {
        if let Some(again) = self.again.try_get_value() {
            again();
        }
    }

    /// The tab's address for looking at it so.
    pub(super) fn address(self, look: &Look) -> String {
        let path = format!("/experiment/{}/artifacts{}", self.experiment, look.query());
        path.trim_end_matches('?').to_owned()
    }

    /// Looks at the tab otherwise. A `step` is one that the browser's back button takes back.
    pub(super) fn go(self, look: &Look, step: bool) {
        let options = NavigateOptions { replace: !step, scroll: false, ..NavigateOptions::default() };
        if let Some(go) = self.go.try_get_value() {
            go(&self.address(look), options);
        }
    }

    /// Opens a panel.
    pub(super) fn ask(self, asked: Asked) {
        let look = self.look.get_untracked();
        self.go(&look.asking(asked), look.asked.what == What::Nothing);
    }

    /// Closes the panel.
    pub(super) fn close(self) {
        if let Some(look) = self.look.try_get_untracked().filter(|look| look.asked.what != What::Nothing) {
            self.go(&look.closed(), false);
        }
    }

    /// Where the archive of all artifacts is, or of some.
    pub(super) fn archive(self, some: &[ArtifactId]) -> String {
        let query: Vec<String> = some.iter().map(|id| format!("artifact={id}")).collect();
        let sign = if some.is_empty() { "" } else { "?" };
        format!("/files/experiment/{}/artifacts.zip{sign}{}", self.experiment, query.join("&"))
    }
}

/// Where an artifact's file is to be had.
pub(super) fn file_address(id: ArtifactId, version: Option<i64>) -> String {
    version.map_or_else(|| format!("/files/artifact/{id}"), |version| format!("/files/artifact/{id}?version={version}"))
}

/// The whole tab.
pub(super) fn page(page: Page) -> AnyView {
    events::listen(page);
    let empty = Memo::new(move |_| page.view.with(|view| view.rows.is_empty()));
    let existing = Signal::derive(move || {
        page.view.with(|view| view.rows.iter().map(|row| (row.id, row.name.clone())).collect::<Vec<_>>())
    });
    // A form that was sent without scripts comes back with the reason in the address.
    let refused = use_query_map().with_untracked(|query| query.get("error"));
    view! {
        <div class="artifacts" node_ref=page.root>
            {refused.map(|reason| view! { <Notice kind=NoticeKind::Bad>{reason}</Notice> })}
            {panel(page)}
            <DropArea experiment=page.experiment existing>
                {move || {
                    let empty = empty.get();
                    // Only becoming empty, or not empty any more, builds this anew.
                    untrack(|| if empty { nothing_yet(page) } else { full(page) })
                }}
            </DropArea>
        </div>
    }
    .into_any()
}

fn full(page: Page) -> AnyView {
    let left_out = move || {
        let (shown, total) = page.view.with(|view| (view.rows.len(), view.total));
        i64::try_from(shown).is_ok_and(|shown| shown < total).then(|| {
            let text = format!(
                "These are the {shown} of {total} artifacts that were stored last; searching and sorting know of no others. The archive of all has the rest."
            );
            view! { <Notice>{text}</Notice> }
        })
    };
    view! {
        {toolbar(page)}
        {left_out}
        {table(page)}
        {selection(page)}
    }
    .into_any()
}
