//! Tables: sorting by a column, searching rows, and copying.

use std::cmp::Ordering;

use web_sys::{Element, HtmlElement};

use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue};

use super::{
    super::url_state::lower_case,
    dom::{closest, query_selector, query_selector_all},
};

/// Sorts by the column of a header button, ascending first and descending on a second click.
pub(super) fn sort_by_column(button: &HtmlElement) {
    let (Some(head), Some(body)) = (closest(button, "th"), closest(button, "[data-body]")) else { return };
    let column = column_index(&head);
    let descending = head.get_attribute("aria-sort").as_deref() == Some("ascending");
    // Remembered, so that new content is sorted in the same way.
    _ = body.set_attribute("data-sorted", &format!("{column} {}", if descending { "descending" } else { "ascending" }));
    apply_sort(&body);
}

/// Sorts the table in a card's body in the order that was last chosen.
pub(super) fn apply_sort(body: &Element) {
    let Some(sorted) = body.get_attribute("data-sorted") else { return };
    let Some((column, direction)) = sorted.split_once(' ') else { return };
    let (Ok(column), Some(rows)) = (column.parse::<usize>(), query_selector(body, "tbody")) else { return };
    for (index, head) in query_selector_all(body, "thead th").iter().enumerate() {
        _ = if index == column {
            head.set_attribute("aria-sort", direction)
        } else {
            head.remove_attribute("aria-sort")
        };
    }
    let sorted: Array = query_selector_all(&rows, "tr").into_iter().map(JsValue::from).collect();
    let text = |row: JsValue| row.dyn_into().map(|row| cell_text(&row, column)).unwrap_or_default();
    // The browser's sort keeps Rust's out of the WASM.
    sorted.sort_by(&mut |one, other| compare_cells(&text(one), &text(other)) as i32);
    if direction == "descending" {
        sorted.reverse();
    }
    for row in sorted.iter().filter_map(|row| row.dyn_into::<HtmlElement>().ok()) {
        _ = rows.append_child(&row);
    }
}

/// Orders numbers by value and before text, and text without regard to case.
fn compare_cells(one: &str, other: &str) -> Ordering {
    match (one.parse::<f64>(), other.parse::<f64>()) {
        (Ok(one), Ok(other)) => one.total_cmp(&other),
        (Ok(_), Err(_)) => Ordering::Less,
        (Err(_), Ok(_)) => Ordering::Greater,
        (Err(_), Err(_)) => lower_case(one).cmp(&lower_case(other)),
    }
}

/// Hides the rows of the table at full size that do not contain this text.
pub(super) fn filter_rows(root: &Element, text: &str) {
    let text = lower_case(text);
    for row in query_selector_all(root, "dialog tbody tr") {
        row.set_hidden(!lower_case(&row.text_content().unwrap_or_default()).contains(&text));
    }
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

#[cfg(test)]
mod tests {
    use super::compare_cells;

    #[test]
    fn numbers_sort_by_value_and_before_text() {
        let mut cells = ["b", "10", "A", "9.5", "-1", "1e-7"];
        cells.sort_by(|one, other| compare_cells(one, other));
        assert_eq!(cells, ["-1", "1e-7", "9.5", "10", "A", "b"]);
    }
}
