//! Tables: sorting by a column, keeping the rows that have a text, copying.

use std::cmp::Ordering;

use web_sys::{Element, HtmlElement};

use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue};

use super::{
    super::url_state::lower_case,
    dom::{around, find, find_all},
};

/// Sorts by the column of a head's button; a second press turns the order around.
pub(super) fn sort(button: &HtmlElement) {
    let (Some(head), Some(body)) = (around(button, "th"), around(button, "[data-body]")) else { return };
    let column = before(&head);
    let descending = head.get_attribute("aria-sort").as_deref() == Some("ascending");
    // What is shown instead, when the log changes, is sorted the same way.
    _ = body.set_attribute("data-sorted", &format!("{column} {}", if descending { "descending" } else { "ascending" }));
    sort_again(&body);
}

/// Sorts the table in a card's body as it was sorted before.
pub(super) fn sort_again(body: &Element) {
    let Some(sorted) = body.get_attribute("data-sorted") else { return };
    let Some((column, direction)) = sorted.split_once(' ') else { return };
    let (Ok(column), Some(rows)) = (column.parse::<usize>(), find(body, "tbody")) else { return };
    for (place, head) in find_all(body, "thead th").iter().enumerate() {
        _ = if place == column {
            head.set_attribute("aria-sort", direction)
        } else {
            head.remove_attribute("aria-sort")
        };
    }
    let sorted: Array = find_all(&rows, "tr").into_iter().map(JsValue::from).collect();
    let text = |row: JsValue| row.dyn_into().map(|row| text(&row, column)).unwrap_or_default();
    // By the browser's sorting, which need not be sent there.
    sorted.sort_by(&mut |one, other| compare(&text(one), &text(other)) as i32);
    if direction == "descending" {
        sorted.reverse();
    }
    for row in sorted.iter().filter_map(|row| row.dyn_into::<HtmlElement>().ok()) {
        _ = rows.append_child(&row);
    }
}

/// Numbers by their size and before texts, texts by their letters.
fn compare(one: &str, other: &str) -> Ordering {
    match (one.parse::<f64>(), other.parse::<f64>()) {
        (Ok(one), Ok(other)) => one.total_cmp(&other),
        (Ok(_), Err(_)) => Ordering::Less,
        (Err(_), Ok(_)) => Ordering::Greater,
        (Err(_), Err(_)) => lower_case(one).cmp(&lower_case(other)),
    }
}

/// Hides the rows at full size that do not have this text.
pub(super) fn keep_rows(root: &Element, wanted: &str) {
    let wanted = lower_case(wanted);
    for row in find_all(root, "dialog tbody tr") {
        row.set_hidden(!lower_case(&row.text_content().unwrap_or_default()).contains(&wanted));
    }
}

/// The rows that are shown, as a spreadsheet takes them from the clipboard.
pub(super) fn as_text(table: &Element) -> String {
    let line = |row: &HtmlElement| {
        let cells = find_all(row, "th, td");
        cells.iter().map(exact).map(|cell| cell.replace(['\t', '\n', '\r'], " ")).collect::<Vec<_>>().join("\t") + "\n"
    };
    find_all(table, "tr:not([hidden])").iter().map(line).collect()
}

fn text(row: &HtmlElement, column: usize) -> String {
    find_all(row, "th, td").get(column).map(exact).unwrap_or_default()
}

/// A cell's number as it was logged, or its text.
fn exact(cell: &HtmlElement) -> String {
    cell.get_attribute("data-value").unwrap_or_else(|| cell.text_content().unwrap_or_default().trim().to_owned())
}

/// How many cells are to the left.
fn before(head: &HtmlElement) -> usize {
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
    use super::compare;

    #[test]
    fn numbers_sort_by_size() {
        let mut cells = ["b", "10", "A", "9.5", "-1", "1e-7"];
        cells.sort_by(|one, other| compare(one, other));
        assert_eq!(cells, ["-1", "1e-7", "9.5", "10", "A", "b"]);
    }
}
