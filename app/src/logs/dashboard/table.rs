//! Tables: sorting by a column, searching rows, and copying.

use std::time::Duration;

use domain::{
    logs::{CellSortKey, ColumnSort, TableQuery},
    text::to_lowercase,
};
use js_sys::Array;
use leptos::prelude::*;
use wasm_bindgen::JsValue;
use web_sys::{Element, FocusOptions, HtmlElement};

use super::{
    CardState, Dashboard, EXPANDED,
    dom::{closest, query_selector, query_selector_all},
    table_rows::{RowsAction, matching_note},
    with_dashboard,
};

/// The time without typing after which the server is asked for the rows that match.
const SEARCH_PAUSE: Duration = Duration::from_millis(250);

impl Dashboard {
    /// Sorts by the column of a header button, ascending first and descending on a second click.
    pub(super) fn sort_table(&self, key: &str, button: &HtmlElement) {
        let Some(head) = closest(button, "th") else { return };
        let key = if closest(button, "dialog").is_some() { EXPANDED } else { key };
        self.with_card(key, |state| {
            let action = state.rows.sort_by(column_index(&head));
            state.document.stale |= action == RowsAction::AskServer;
            show_rows(state, action);
        });
        self.schedule_update(0);
    }

    /// Shows only those rows of the table at full size that contain this text.
    pub(super) fn search_table(&self, text: &str) {
        let search = |state: &mut CardState| {
            let action = state.rows.search(text);
            show_rows(state, action);
            action
        };
        let action = self.with_card(EXPANDED, search);
        let change = self.search_changes.get().wrapping_add(1);
        self.search_changes.set(change);
        if action != Some(RowsAction::AskServer) {
            return;
        }
        let this = self.this.clone();
        let request = move || {
            with_dashboard(&this, |dashboard| {
                if dashboard.search_changes.get() == change {
                    dashboard.with_card(EXPANDED, |state| {
                        state.document.stale |= state.rows.action() == RowsAction::AskServer;
                    });
                    dashboard.schedule_update(0);
                }
            });
        };
        set_timeout(request, SEARCH_PAUSE);
    }
}

/// Marks the column that the user sorts by, and searches and sorts the rows if the page has all of them.
pub(super) fn show_rows(state: &CardState, action: RowsAction) {
    let Some(body) = query_selector(&state.article, "[data-body]") else { return };
    let query = state.rows.wanted();
    if let Some(sort) = query.sort {
        mark_sorted_column(&body, sort);
    }
    if action == RowsAction::ArrangeInPage
        && let Some(matching) = arrange_rows(&body, query)
    {
        state.set_note(&if query.search.is_empty() {
            state.note.clone()
        } else {
            matching_note(matching, &state.note)
        });
    }
}

fn mark_sorted_column(body: &Element, sort: ColumnSort) {
    for (index, head) in query_selector_all(body, "thead th").iter().enumerate() {
        _ = if index == sort.column {
            head.set_attribute("aria-sort", if sort.descending { "descending" } else { "ascending" })
        } else {
            head.remove_attribute("aria-sort")
        };
    }
}

/// Sorts the rows and hides those that don't match. Returns the number of matching rows, or `None` if there is no table.
fn arrange_rows(body: &Element, query: &TableQuery) -> Option<usize> {
    let table_body = query_selector(body, "tbody")?;
    if let Some(sort) = query.sort {
        sort_rows(&table_body, sort);
    }
    let (mut matching, search) = (0, to_lowercase(&query.search));
    for row in query_selector_all(&table_body, "tr") {
        let matches = search.is_empty() || row_matches(&row, &search);
        row.set_hidden(!matches);
        matching += usize::from(matches);
    }
    Some(matching)
}

fn sort_rows(table_body: &Element, ColumnSort { column, descending }: ColumnSort) {
    let rows = query_selector_all(table_body, "tr");
    let keys: Vec<_> = rows.iter().map(|row| CellSortKey::from_text(&cell_text(row, column))).collect();
    // The browser's sort keeps Rust's out of the WASM.
    let order: Array = (0_u32..).zip(&rows).map(|(index, _)| JsValue::from(index)).collect();
    order.sort_by(&mut |one, other| match (keys.get(to_index(&one)), keys.get(to_index(&other))) {
        (Some(one), Some(other)) => one.compare(other, descending) as i32,
        _ => 0,
    });
    for row in order.iter().filter_map(|index| rows.get(to_index(&index))) {
        _ = table_body.append_child(row);
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the value is an index")]
fn to_index(value: &JsValue) -> usize {
    value.as_f64().unwrap_or_default() as usize
}

/// Returns whether a cell contains the text, which is in lower case, as shown or as logged.
fn row_matches(row: &HtmlElement, search: &str) -> bool {
    let shown = to_lowercase(&row.text_content().unwrap_or_default()).contains(search);
    let is_digit = |c: char| c.is_ascii_digit();
    // Most rows need no look at single cells.
    (shown || search.contains(is_digit))
        && query_selector_all(row, "th, td").iter().any(|cell| {
            to_lowercase(&cell.text_content().unwrap_or_default()).contains(search)
                || cell.get_attribute("data-value").is_some_and(|value| to_lowercase(&value).contains(search))
        })
}

/// Replaces a card's content, and keeps its scroll position and the focus on a column header.
pub(super) fn replace_content(body: &HtmlElement, html: &str) {
    let focused = document().active_element().filter(|focused| body.contains(Some(focused)));
    let column = focused.and_then(|focused| closest(&focused, "th")).map(|head| column_index(&head));
    let (top, left) = (body.scroll_top(), body.scroll_left());
    body.set_inner_html(html);
    if let Some(button) = column.and_then(|column| query_selector_all(body, "thead .sort").into_iter().nth(column)) {
        let options = FocusOptions::new();
        options.set_prevent_scroll(true);
        _ = button.focus_with_options(&options);
    }
    body.set_scroll_top(top);
    body.set_scroll_left(left);
}

/// Returns the visible rows as tab-separated values, which spreadsheets accept from the clipboard.
pub(super) fn to_tsv(table: &Element) -> String {
    let line = |row: &HtmlElement| {
        let cells = query_selector_all(row, "th, td");
        cells.iter().map(cell_value).map(|cell| cell.replace(['\t', '\n', '\r'], " ")).collect::<Vec<_>>().join("\t")
            + "\n"
    };
    query_selector_all(table, "tr:not([hidden])").iter().map(line).collect()
}

/// Returns the value of a row's cell in this column.
fn cell_text(row: &HtmlElement, column: usize) -> String {
    query_selector_all(row, "th, td").get(column).map(cell_value).unwrap_or_default()
}

/// Returns a cell's exact number, or else its text.
fn cell_value(cell: &HtmlElement) -> String {
    cell.get_attribute("data-value").unwrap_or_else(|| cell.text_content().unwrap_or_default().trim().to_owned())
}

/// Returns the number of cells before this one.
fn column_index(head: &HtmlElement) -> usize {
    let mut count = 0;
    let mut next = head.previous_element_sibling();
    while let Some(element) = next {
        count += 1;
        next = element.previous_element_sibling();
    }
    count
}
