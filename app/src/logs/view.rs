//! The dashboard as it arrives: every log with its name, its kind and what can be said of it in HTML.

use std::sync::Arc;

use domain::{
    ids::ExperimentId,
    logs::{Kind, Layout},
};
use leptos::{html, prelude::*};
use leptos_router::hooks::use_query_map;

use super::{
    board,
    card::{self, Card, Dashboard},
    look::Look,
    order::{Placed, Section, sections},
    snippet::Snippet,
    toolbar,
};
use crate::{
    live::LogFeed,
    plot::Paints,
    ui::{Glyph, Icon},
};

/// What all parts of the dashboard share.
#[derive(Clone)]
pub(super) struct Page {
    /// Whose logs these are.
    pub(super) experiment: ExperimentId,
    /// What was read last.
    pub(super) dashboard: Signal<Dashboard>,
    /// The layout, with what the reader has changed since, and its version.
    pub(super) layout: RwSignal<(Layout, i64)>,
    /// The cards in their places.
    pub(super) sections: Memo<Vec<Section>>,
    /// What is heard of the logs.
    pub(super) feed: LogFeed,
    /// Reads the dashboard again.
    pub(super) again: Arc<dyn Fn() + Send + Sync>,
}

impl Page {
    pub(super) fn new(
        experiment: ExperimentId,
        dashboard: Signal<Dashboard>,
        feed: LogFeed,
        again: impl Fn() + Send + Sync + 'static,
    ) -> Self {
        let read = dashboard.with_untracked(|read| (read.layout.clone(), read.layout_version));
        let layout = RwSignal::new(read);
        // A layout that somebody else has made takes the place of the one before.
        Effect::new(move || {
            dashboard.with(|read| {
                if layout.with_untracked(|(_, version)| read.layout_version > *version) {
                    layout.set((read.layout.clone(), read.layout_version));
                }
            });
        });
        let sections =
            Memo::new(move |_| dashboard.with(|read| layout.with(|(layout, _)| sections(&read.cards, layout))));
        Self { experiment, dashboard, layout, sections, feed, again: Arc::new(again) }
    }
}

/// All logs, or how to log the first.
pub(super) fn logs(page: Page) -> AnyView {
    let empty = Memo::new({
        let dashboard = page.dashboard;
        move |_| dashboard.with(|read| read.cards.is_empty())
    });
    (move || {
        let page = page.clone();
        let empty = empty.get();
        // Only becoming empty, or not empty any more, builds this anew.
        untrack(move || if empty { nothing_yet(page) } else { dashboard(page) })
    })
    .into_any()
}

fn nothing_yet(page: Page) -> AnyView {
    let host = page.dashboard.with_untracked(|read| read.host.clone());
    board::listen_for_the_first(page.clone());
    view! { <Snippet host experiment=page.experiment.to_string()/> }.into_any()
}

fn dashboard(page: Page) -> AnyView {
    let look = use_query_map().with_untracked(|query| Look::read(|key| query.get(key)));
    let root = NodeRef::<html::Div>::new();
    board::start(page.clone(), look.clone(), root);
    let may_arrange = page.dashboard.with_untracked(|read| read.may_arrange);
    let all = page.sections;
    let filter = look.clone();
    let each = move |name: String| section(all, &name, &filter, may_arrange);
    view! {
        <div class="logs" node_ref=root data-arrange=may_arrange.then_some("")>
            {toolbar::toolbar(&look, may_arrange)}
            <For each=move || all.with(|all| all.iter().map(|section| section.name.clone()).collect::<Vec<_>>()) key=Clone::clone let(name)>
                {each(name)}
            </For>
            <p class="hint logs-none" hidden=all.with_untracked(|all| any_shown(all, &look))>
                "No log has a name like this."
            </p>
            <div hidden>
                {(0..Paints::COUNT).map(|index| view! { <i class=format!("paint-{index}")></i> }).collect_view()}
            </div>
            <dialog class="dialog full" aria-labelledby="full-title">
                <header class="full-head">
                    <h2 id="full-title"></h2>
                    <div class="full-tools"></div>
                    <button type="button" class="button button-quiet button-icon" data-do="close" aria-label="Close" title="Close (Esc)">
                        <Icon glyph=Glyph::Cross/>
                    </button>
                </header>
                <div class="full-body" data-body></div>
                <p class="card-foot" data-note></p>
            </dialog>
        </div>
    }
    .into_any()
}

fn any_shown(sections: &[Section], look: &Look) -> bool {
    sections.iter().flat_map(|section| &section.cards).any(|placed| look.shows(&placed.name))
}

fn section(all: Memo<Vec<Section>>, name: &str, look: &Look, may_arrange: bool) -> AnyView {
    let find = {
        let name = name.to_owned();
        move |all: &Vec<Section>| all.iter().find(|section| section.name == name).cloned()
    };
    let Some(first) = all.with_untracked(&find) else { return ().into_any() };
    let hidden = !first.cards.iter().any(|placed| look.shows(&placed.name));
    let cards = move || all.with(&find).map(|section| section.cards).unwrap_or_default();
    // What is measured anew shows by itself; a card is built anew only for another log, name or size.
    let key = |placed: &Placed| (placed.key.clone(), placed.name.clone(), placed.size.wide, placed.size.tall);
    let (look, name) = (look.clone(), first.name.clone());
    view! {
        <details class="logs-section" open=!first.folded data-section=name hidden=hidden>
            <summary>
                <h2>{first.name}</h2>
                <span class="tab-count">{first.cards.len()}</span>
            </summary>
            <div class="logs-cards">
                <For each=cards key=key let(placed)>
                    {card(&placed, &look, may_arrange)}
                </For>
            </div>
        </details>
    }
    .into_any()
}

fn card(placed: &Placed, look: &Look, may_arrange: bool) -> AnyView {
    let Placed { key, name, kind, size, card, .. } = placed;
    let title = placed.short_name().to_owned();
    let class = format!("card log log-{} wide-{} tall-{}", card::word(*kind), size.wide, size.tall);
    let id = card.as_ref().map(|card| format!("log-{}", card.id));
    let heading = format!("name-{}", key.replace(' ', "-"));
    let labelled = heading.clone();
    let more = format!("More about {name}");
    // Cards with several lines stay where they are.
    let draggable = (may_arrange && card.is_some()).then_some("true");
    let value = card.as_ref().map(|card| card.value.clone()).unwrap_or_default();
    let no_value = value.is_empty();
    let note = card.as_ref().map_or_else(|| format!("{} lines", placed.lines.len()), |card| card.note.clone());
    view! {
        <article
            class=class
            id=id
            tabindex="-1"
            data-card=key.clone()
            data-name=name.clone()
            aria-labelledby=labelled
            hidden=!look.shows(name)
        >
            <header class="card-head">
                <h3 class="truncate" id=heading title=name.clone() data-grip="" draggable=draggable>
                    {title}
                </h3>
                <span class="card-kind">{card::word(*kind)}</span>
                <button type="button" class="button button-quiet button-icon" data-do="full" aria-label=format!("Show {name} at full size") title="Full size (f)">
                    <Icon glyph=Glyph::Expand/>
                </button>
                <details class="disclosure card-menu">
                    <summary class="button button-quiet button-icon" aria-label=more.clone() title=more>
                        <Icon glyph=Glyph::Ellipsis/>
                    </summary>
                    <div class="disclosure-panel" data-menu>{points(card.as_deref())}</div>
                </details>
            </header>
            <p class="card-value" data-value hidden=no_value>
                {value}
            </p>
            {body(*kind, card.as_deref())}
            <p class="card-foot" data-note>
                {note}
            </p>
        </article>
    }
    .into_any()
}

/// All points of a line, as files; the one part of the menu that works without scripts.
fn points(card: Option<&Card>) -> Option<AnyView> {
    let card = card.filter(|card| card.kind == Kind::Line)?;
    let link = |format: &str, words: &'static str| {
        view! { <a class="menu-item" href=format!("/log/{}/points?format={format}", card.id) download="">{words}</a> }
    };
    Some(view! { {link("csv", "All points as CSV")} {link("json", "All points as JSON")} }.into_any())
}

/// What stands in a card. Charts have an empty element that plotly.js fills, and beside it what they show as text.
fn body(kind: Kind, card: Option<&Card>) -> AnyView {
    let drawn = matches!(kind, Kind::Line | Kind::Bar | Kind::Heatmap);
    let html = card.and_then(|card| card.html.clone());
    let large = html.is_none() && card.is_some();
    let html = html.unwrap_or_default();
    let text = (kind != Kind::Line && kind != Kind::Value).then(|| {
        view! { <div class="card-body" data-body tabindex="0" role="group" aria-label="Content" inner_html=html></div> }
    });
    view! {
        {drawn.then(|| view! { <div class="plot" data-plot></div> })}
        {text}
        {large.then(|| view! { <p class="hint" data-large>"Large: shown when it is in sight."</p> })}
    }
    .into_any()
}
