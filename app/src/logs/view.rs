//! The page of the dashboard: every log with its name, its kind and its content as HTML.

use domain::{
    format,
    logs::{self, Kind},
};
use leptos::{html, prelude::*};
use leptos_router::hooks::use_query_map;

use super::{
    card::{self, LogCard},
    context::LogsContext,
    dashboard,
    sections::{CardSection, PlacedCard},
    snippet::Snippet,
    toolbar,
    url_state::LogsViewState,
};
use crate::{
    artifacts::percent_encode,
    plot::ThemeColors,
    ui::{Glyph, Icon},
};

/// Maximum number of logs on a page.
const PAGE_SIZE: u64 = logs::Dashboard::PAGE_SIZE as u64;

/// Renders all logs. An experiment without logs shows the code snippet.
pub(super) fn logs_view(context: LogsContext) -> AnyView {
    let empty = Memo::new({
        let dashboard = context.dashboard;
        move |_| dashboard.with(|data| data.cards.is_empty() && !data.paged)
    });
    (move || {
        let context = context.clone();
        let empty = empty.get();
        // Rebuilt only when `empty` changes.
        untrack(move || if empty { empty_view(context) } else { dashboard_view(context) })
    })
    .into_any()
}

fn empty_view(context: LogsContext) -> AnyView {
    let host = context.dashboard.with_untracked(|data| data.host.clone());
    dashboard::wait_for_first_log(context.clone());
    view! { <Snippet host experiment=context.experiment.to_string()/> }.into_any()
}

fn dashboard_view(context: LogsContext) -> AnyView {
    let state = use_query_map().with_untracked(|query| LogsViewState::parse(|key| query.get(key)));
    let root = NodeRef::<html::Div>::new();
    dashboard::start(context.clone(), state.clone(), root);
    let may_edit_layout = context.dashboard.with_untracked(|data| data.may_edit_layout);
    let sections = context.sections;
    let state_for_sections = state.clone();
    let section = move |name: String| section_view(sections, &name, &state_for_sections, may_edit_layout);
    view! {
        <div class="logs" node_ref=root data-arrange=may_edit_layout.then_some("")>
            {toolbar::toolbar(&state, may_edit_layout)}
            <For each=move || sections.with(|all| all.iter().map(|section| section.name.clone()).collect::<Vec<_>>()) key=Clone::clone let(name)>
                {section(name)}
            </For>
            {pages_view(&context, &state)}
            <p class="hint logs-none" hidden=sections.with_untracked(|all| any_card_matches(all, &state))>
                "No logs match the filter."
            </p>
            <div hidden>
                {(0..ThemeColors::COUNT).map(|index| view! { <i class=format!("paint-{index}")></i> }).collect_view()}
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

/// Renders links to the pages of logs, if there are several.
fn pages_view(context: &LogsContext, state: &LogsViewState) -> Option<AnyView> {
    let (paged, total, shown) = context.dashboard.with_untracked(|data| (data.paged, data.total, data.cards.len()));
    if !paged {
        return None;
    }
    let first = u64::from(state.page) * PAGE_SIZE;
    let range = format!(
        "Logs {}–{} of {}",
        format::thousands(total.min(first + 1)),
        format::thousands(first + shown as u64),
        format::thousands(total)
    );
    let link = |page: u32, label: &'static str| {
        let query = LogsViewState { page, zoom: None, open: None, ..state.clone() }.to_query(percent_encode);
        // Without the router: another page is another dashboard.
        let href = if query.is_empty() { "?".to_owned() } else { query };
        view! { <a class="button" href=href rel="external">{label}</a> }
    };
    let previous = state.page.checked_sub(1).map(|page| link(page, "Previous"));
    let next = (first + PAGE_SIZE < total).then(|| link(state.page + 1, "Next"));
    Some(
        view! {
            <nav class="logs-pages" aria-label="Pages of logs">
                <span>{range}</span>
                <span class="hint">"Press Enter in the filter to search all pages."</span>
                {previous}
                {next}
            </nav>
        }
        .into_any(),
    )
}

fn any_card_matches(sections: &[CardSection], state: &LogsViewState) -> bool {
    sections.iter().flat_map(|section| &section.cards).any(|placed| state.matches_filter(&placed.name))
}

fn section_view(sections: Memo<Vec<CardSection>>, name: &str, state: &LogsViewState, may_edit_layout: bool) -> AnyView {
    let find_section = {
        let name = name.to_owned();
        move |all: &Vec<CardSection>| all.iter().find(|section| section.name == name).cloned()
    };
    let Some(first) = sections.with_untracked(&find_section) else { return ().into_any() };
    let hidden = !first.cards.iter().any(|placed| state.matches_filter(&placed.name));
    let cards = move || sections.with(&find_section).map(|section| section.cards).unwrap_or_default();
    // `dashboard` updates a card in place; a card is rebuilt only when its log, name, type, size, lines or direction change.
    let key = |placed: &PlacedCard| {
        let PlacedCard { key, name, kind, size, lines, direction, .. } = placed;
        (key.clone(), name.clone(), *kind, size.wide, size.tall, lines.clone(), *direction)
    };
    let (state, title) = (state.clone(), first.title().to_owned());
    view! {
        <details class="logs-section" open=!first.folded data-section=first.name hidden=hidden>
            <summary>
                <h2>{title}</h2>
                <span class="tab-count">{first.cards.len()}</span>
            </summary>
            <div class="logs-cards">
                <For each=cards key=key let(placed)>
                    {card_view(&placed, &state, may_edit_layout)}
                </For>
            </div>
        </details>
    }
    .into_any()
}

fn card_view(placed: &PlacedCard, state: &LogsViewState, may_edit_layout: bool) -> AnyView {
    let PlacedCard { key, name, kind, size, card, .. } = placed;
    let title = placed.short_name().to_owned();
    let kind_name = card::kind_name(card.as_ref().map_or(*kind, |card| card.kind));
    let class = format!("card log log-{} wide-{} tall-{}", card::kind_name(*kind), size.wide, size.tall);
    let id = card.as_ref().map(|card| format!("log-{}", card.id));
    let heading_id = format!("name-{}", key.replace(' ', "-"));
    let labelled_by = heading_id.clone();
    let actions_label = format!("More actions for {name}");
    // Overlays cannot be moved.
    let draggable = (may_edit_layout && card.is_some()).then_some("true");
    let value = card.as_ref().map(|card| card.value.clone()).unwrap_or_default();
    let no_value = value.is_empty();
    let line_card = card.as_ref().filter(|_| *kind == Kind::Line);
    let best = line_card.map(|card| card::best_text(placed.direction, &card.extremes));
    let note = card.as_ref().map_or_else(|| format!("{} lines", placed.lines.len()), |card| card.note.clone());
    view! {
        <article
            class=class
            id=id
            tabindex="-1"
            data-card=key.clone()
            data-name=name.clone()
            aria-labelledby=labelled_by
            hidden=!state.matches_filter(name)
        >
            <header class="card-head">
                <h3 class="truncate" id=heading_id title=name.clone() data-grip="" draggable=draggable>
                    {title}
                </h3>
                <span class="card-kind">{kind_name}</span>
                <button type="button" class="button button-quiet button-icon" data-do="full" aria-label=format!("Show {name} at full size") title="Full size (f)">
                    <Icon glyph=Glyph::Expand/>
                </button>
                <details class="disclosure card-menu">
                    <summary class="button button-quiet button-icon" aria-label=actions_label.clone() title=actions_label>
                        <Icon glyph=Glyph::Ellipsis/>
                    </summary>
                    <div class="disclosure-panel" data-menu>{point_downloads(card.as_deref())}</div>
                </details>
            </header>
            <p class="card-value" data-value hidden=no_value>
                {value}
            </p>
            {best.map(|best| {
                let no_best = best.is_empty();
                view! { <p class="card-best" data-best hidden=no_best>{best}</p> }
            })}
            {card_body(*kind, card.as_deref())}
            <p class="card-foot" data-note>
                {note}
            </p>
        </article>
    }
    .into_any()
}

/// Renders links that download all points of a line: the part of the menu that works without JavaScript.
fn point_downloads(card: Option<&LogCard>) -> Option<AnyView> {
    let card = card.filter(|card| card.kind == Kind::Line)?;
    let link = |format: &str, label: &'static str| {
        view! { <a class="menu-item" href=format!("/log/{}/points?format={format}", card.id) download="">{label}</a> }
    };
    Some(view! { {link("csv", "Download CSV")} {link("json", "Download JSON")} }.into_any())
}

/// Renders the content of a card. Charts have an empty element for plotly.js, and the same data as text beside it.
fn card_body(kind: Kind, card: Option<&LogCard>) -> AnyView {
    let has_chart = matches!(kind, Kind::Line | Kind::Bar | Kind::Heatmap);
    let html = card.and_then(|card| card.html.clone());
    let large = html.is_none() && card.is_some();
    let html = html.unwrap_or_default();
    let text = match kind {
        Kind::Value => None,
        // Entries that are not numbers, below the chart.
        Kind::Line => {
            let empty = html.is_empty();
            Some(view! { <div class="line-texts" data-body tabindex="0" role="group" aria-label="Text entries" hidden=empty inner_html=html></div> }.into_any())
        }
        _ => Some(view! { <div class="card-body" data-body tabindex="0" role="group" aria-label="Content" inner_html=html></div> }.into_any()),
    };
    view! {
        {has_chart.then(|| view! { <div class="plot" data-plot></div> })}
        {text}
        {large.then(|| view! { <p class="hint" data-large>"Loads when scrolled into view."</p> })}
    }
    .into_any()
}
