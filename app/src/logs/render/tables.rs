//! Documents as HTML tables.

use domain::{
    format,
    logs::{Bar, Cell, Heatmap, Labelmap, Reading, Table},
};
use leptos::prelude::*;
use serde_json::Value;

use super::{super::number_format::format_reading, format_cell, heatmap_values::MAX_CATEGORIES};

/// Maximum number of rows on a page. The download contains all of them.
const MAX_ROWS: usize = 1_000;
/// Maximum number of columns on a page. The download contains all of them.
const MAX_COLUMNS: usize = 100;
/// Maximum number of rows of the table that makes a chart accessible to screen readers.
const MAX_CHART_ROWS: usize = 50;

/// Returns the number of fields or rows, and whether the table is truncated.
pub(super) fn table_note(table: &Table) -> String {
    match table {
        Table::Fields(fields) => format::count(fields.len(), "field") + &truncation_note(fields.len()),
        Table::Matrix { data, .. } => format::count(data.len(), "row") + &truncation_note(data.len()),
    }
}

fn truncation_note(count: usize) -> String {
    if count > MAX_ROWS { format!("; showing the first {}", format::thousands(MAX_ROWS as u64)) } else { String::new() }
}

/// Renders fields with their values, or a matrix.
pub(super) fn data_table(table: &Table) -> AnyView {
    match table {
        Table::Fields(fields) => {
            let rows = fields.iter().take(MAX_ROWS).map(|(field, value)| {
                view! {
                    <tr>
                        <th scope="row">{field.clone()}</th>
                        {cell_view(value, "mono")}
                    </tr>
                }
            });
            sortable_table(
                ["Field", "Value"].map(|name| (name.to_owned(), false)).to_vec(),
                rows.collect_view().into_any(),
            )
        }
        Table::Matrix { columns, rows, data } => {
            let has_row_names = !rows.is_empty();
            let row = |(index, values): (usize, &Vec<Cell>)| {
                let name = rows.get(index).map(|name| view! { <th scope="row">{name.text()}</th> });
                view! {
                    <tr>{name} {values.iter().take(MAX_COLUMNS).map(|value| cell_view(value, "num")).collect_view()}</tr>
                }
            };
            let body = data.iter().take(MAX_ROWS).enumerate().map(row).collect_view().into_any();
            // Columns of numbers are right-aligned, including their headers.
            let is_numeric = |column: usize| data.iter().take(MAX_ROWS).all(|row| row[column].number().is_some());
            let header = columns.iter().take(MAX_COLUMNS).enumerate();
            let header = header.map(|(column, name)| (name.text(), is_numeric(column) && !data.is_empty()));
            sortable_table(has_row_names.then(|| ("Name".to_owned(), false)).into_iter().chain(header).collect(), body)
        }
    }
}

/// Renders the names of classes, each with the color that it has on every page.
pub(super) fn labelmap_table(labelmap: &Labelmap) -> AnyView {
    let row = |(position, (index, name)): (usize, &(String, Cell))| {
        // A numeric index determines the color, so that it does not depend on the order of the labelmap.
        let number = index.parse::<usize>().unwrap_or(position);
        view! {
            <tr>
                <td class="mono">{index.clone()}</td>
                <th scope="row">
                    <span class=format!("swatch swatch-{}", number % 10)></span>
                    {name.text()}
                </th>
            </tr>
        }
    };
    let body = labelmap.0.iter().take(MAX_ROWS).enumerate().map(row).collect_view().into_any();
    sortable_table(["Index", "Class"].map(|name| (name.to_owned(), false)).to_vec(), body)
}

/// Renders the values of a bar chart, for screen readers.
pub(super) fn bar_table(bar: &Bar) -> AnyView {
    let row = |(x, y): (&Cell, &Reading)| {
        view! {
            <tr>
                <th scope="row">{x.text()}</th>
                <td class="num">{format_reading(*y)}</td>
            </tr>
        }
    };
    let body = bar.x.iter().zip(&bar.y).take(MAX_CHART_ROWS).map(row).collect_view().into_any();
    sortable_table(vec![("Label".to_owned(), false), ("Value".to_owned(), true)], body)
}

/// Renders the values of a heatmap, for screen readers.
pub(super) fn heatmap_table(heatmap: &Heatmap) -> AnyView {
    let shown = MAX_CATEGORIES.min(MAX_CHART_ROWS / 2);
    let row = |(name, values): (&Cell, &Vec<Reading>)| {
        let values = values.iter().take(shown);
        let cells = values.map(|value| view! { <td class="num">{format_reading(*value)}</td> }).collect_view();
        view! {
            <tr>
                <th scope="row">{name.text()}</th>
                {cells}
            </tr>
        }
    };
    let body = heatmap.categories.iter().zip(&heatmap.values).take(shown).map(row).collect_view().into_any();
    let header = heatmap.categories.iter().take(shown).map(|name| (name.text(), true));
    sortable_table(std::iter::once(("Category".to_owned(), false)).chain(header).collect(), body)
}

/// Converts any JSON to a table: an object to its fields, a list of objects to one row each, other lists to one value per row.
pub(super) fn json_to_table(json: &Value) -> Table {
    let Value::Array(items) = json else {
        let fields = json.as_object().into_iter().flatten();
        return Table::Fields(fields.map(|(field, value)| (field.clone(), Cell(value.clone()))).collect());
    };
    let mut columns: Vec<String> = Vec::new();
    for item in items.iter().take(MAX_ROWS) {
        let fields = item.as_object().into_iter().flat_map(|object| object.keys());
        let new: Vec<_> = fields.filter(|field| !columns.contains(field)).cloned().collect();
        columns.extend(new.into_iter().take(MAX_COLUMNS - columns.len().min(MAX_COLUMNS)));
    }
    let row = |item: &Value| match item {
        Value::Object(object) => {
            columns.iter().map(|column| Cell(object.get(column).cloned().unwrap_or(Value::Null))).collect()
        }
        other => std::iter::once(Cell(other.clone())).chain((1..columns.len()).map(|_| Cell(Value::Null))).collect(),
    };
    let data = items.iter().map(row).collect();
    if columns.is_empty() {
        columns.push("Value".to_owned());
    }
    Table::Matrix { columns: columns.into_iter().map(|name| Cell(name.into())).collect(), rows: Vec::new(), data }
}

/// Renders a value; `class` is the CSS class of numbers.
fn cell_view(cell: &Cell, class: &'static str) -> AnyView {
    // Sorting and copying use the exact number in `data-value`.
    match cell.number() {
        Some(_) => {
            let exact = cell.text();
            view! { <td class=class title=exact.clone() data-value=exact>{format_cell(cell)}</td> }.into_any()
        }
        None => view! { <td>{format_cell(cell)}</td> }.into_any(),
    }
}

/// Renders a table whose column headers are buttons that sort it. `columns` has the name of each column and whether it is
/// numeric.
fn sortable_table(columns: Vec<(String, bool)>, body: AnyView) -> AnyView {
    let headers = columns.into_iter().map(|(name, numeric)| {
        view! {
            <th scope="col" class=numeric.then_some("num")>
                <button type="button" class="sort" data-do="sort">
                    {name}
                </button>
            </th>
        }
    });
    view! {
        <table class="table table-dense">
            <thead>
                <tr>{headers.collect_view()}</tr>
            </thead>
            <tbody>{body}</tbody>
        </table>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn converts_any_json_to_a_table() {
        let columns = |json: Value| match json_to_table(&json) {
            Table::Matrix { columns, data, .. } => {
                (columns.iter().map(Cell::text).collect::<Vec<_>>().join(" "), data.len())
            }
            Table::Fields(fields) => ("fields".to_owned(), fields.len()),
        };
        assert_eq!(columns(json!([{ "a": 1 }, { "b": 2, "a": 3 }])), ("a b".to_owned(), 2));
        assert_eq!(columns(json!([1, 2, 3])), ("Value".to_owned(), 3));
        assert_eq!(columns(json!({ "a": [1] })), ("fields".to_owned(), 1));
        assert_eq!(columns(json!([])), ("Value".to_owned(), 0));
    }
}
