//! Tracks which cards exist, filters them, and shows their current content.

use domain::logs::{Kind, TableQuery};

use super::{
    super::card::LogCard,
    CardState, Dashboard, EXPANDED,
    dom::{flash, query_selector, query_selector_all, set_text},
    table,
    table_rows::RowsAction,
};

impl Dashboard {
    /// Matches the known cards with the cards on the page: adds new ones and drops removed ones.
    pub(super) fn sync_cards(&self) {
        let sections = self.sections();
        let placed = |key: &str| sections.iter().flat_map(|section| &section.cards).find(|placed| placed.key == key);
        let mut removed = std::mem::take(&mut *self.cards.borrow_mut());
        for article in query_selector_all(&self.root, "article[data-card]") {
            let Some(key) = article.get_attribute("data-card") else { continue };
            let Some(placed) = placed(&key) else { continue };
            let known = removed.iter().position(|(known, _)| *known == key).map(|index| removed.swap_remove(index).1);
            let same = known.filter(|known| known.article.is_same_node(Some(&article)));
            let mut state = same.unwrap_or_else(|| {
                self.observe(&article);
                CardState::new(placed, article)
            });
            if let Some(card) = placed.card.as_deref().filter(|card| card.revision > state.revision) {
                show_in_card(&mut state, card, &TableQuery::default());
            }
            self.cards.borrow_mut().push((key, state));
        }
        for (key, mut state) in removed {
            if key == EXPANDED {
                let shown = state.article.get_attribute("data-card");
                let card = shown.and_then(|key| placed(&key)).and_then(|placed| placed.card.as_ref());
                state.document.stale |= card.is_some_and(|card| card.revision > state.revision);
                self.cards.borrow_mut().push((key, state));
            } else {
                state.erase();
            }
        }
        self.apply_filter();
        self.open_from_url();
        self.schedule_update(0);
    }

    /// Hides cards that do not match the filter, and sections without a visible card.
    pub(super) fn apply_filter(&self) {
        let view_state = self.view_state();
        let mut any = false;
        for section in query_selector_all(&self.root, "[data-section]") {
            let mut any_in_section = false;
            for card in query_selector_all(&section, "article[data-card]") {
                let shown = view_state.matches_filter(&card.get_attribute("data-name").unwrap_or_default());
                card.set_hidden(!shown);
                any_in_section |= shown;
            }
            section.set_hidden(!any_in_section);
            let count = query_selector_all(&section, "article[data-card]:not([hidden])").len();
            if let Some(counter) = query_selector(&section, ".tab-count") {
                set_text(&counter, &count.to_string());
            }
            any |= any_in_section;
        }
        if let Some(no_results) = query_selector(&self.root, ".logs-none") {
            no_results.set_hidden(any);
        }
    }

    /// Shows the log's current content in its card and at full size. `query` is the search and the sort order that the server
    /// applied to a truncated table.
    pub(super) fn show_card(&self, key: &str, card: &LogCard, query: &TableQuery) {
        self.with_card(key, |state| show_in_card(state, card, query));
        if key != EXPANDED && self.is_expanded(key) {
            self.with_card(EXPANDED, |state| show_in_card(state, card, query));
        }
    }

    /// Returns whether the card must be rebuilt, because the log has a different name, type or lines than on the page.
    pub(super) fn must_rebuild(&self, key: &str, card: &LogCard) -> bool {
        let is_different = |state: &mut CardState| {
            let same_lines = state.lines.iter().map(|line| &line.id).eq(card.lines.iter().map(|(id, _)| id));
            state.name != card.name || state.kind != card.shown_as || !same_lines
        };
        self.with_card(key, is_different).unwrap_or_default()
    }
}

/// Shows the log's current content in its card. Rows of a truncated table that the user did not ask for are requested instead.
fn show_in_card(state: &mut CardState, card: &LogCard, query: &TableQuery) {
    state.apply_card(card);
    if let Some(value) = query_selector(&state.article, "p[data-value]") {
        show_value(&value, &card.value);
    }
    if let Some(large) = query_selector(&state.article, "[data-large]") {
        large.set_hidden(card.html.is_some());
    }
    if card.html.is_some() && state.rows.receive(card.truncated, query) == RowsAction::AskServer {
        state.document.stale = true;
        return;
    }
    state.note.clone_from(&card.note);
    // A drawn line's note reports how many points are visible; keep it.
    if state.lines.is_empty() || !state.drawn {
        state.set_note(&card.note);
    }
    if let (Some(body), Some(html)) = (query_selector(&state.article, "[data-body]"), &card.html)
        && !matches!(state.kind, Kind::Image | Kind::Value)
        && query_selector(&body, "[data-plot]").is_none()
    {
        table::replace_content(&body, html);
        body.set_hidden(html.is_empty());
        table::show_rows(state, state.rows.action());
    }
}

/// Sets the large value, and flashes it if it changed.
pub(super) fn show_value(element: &web_sys::HtmlElement, value: &str) {
    let before = element.text_content().unwrap_or_default();
    if before.trim() != value {
        element.set_hidden(value.is_empty());
        set_text(element, value);
        flash(element);
    }
}
