//! Tables, in HTML.

use domain::{
    format,
    logs::{Bar, Cell, Heatmap, Labelmap, Reading, Table},
};
use leptos::prelude::*;
use serde_json::Value;

use super::{super::numbers, csv::plain, matrix};

/// The most rows, and the most cells, that a page shows; the download has all.
const MOST_ROWS: usize = 1_000;
const MOST_COLUMNS: usize = 100;
/// Charts also stand as a table for those who do not see them, unless that would be longer than anyone reads.
const MOST_BESIDE_A_CHART: usize = 50;

/// How much there is, and how much of it is shown.
pub(super) fn note(table: &Table) -> String {
    match table {
        Table::Fields(fields) => format::count(fields.len(), "field") + &first(fields.len()),
        Table::Matrix { data, .. } => format::count(data.len(), "row") + &first(data.len()),
    }
}

fn first(count: usize) -> String {
    if count > MOST_ROWS { format!("; the first {MOST_ROWS} are shown") } else { String::new() }
}

/// Fields with their values, or a matrix whose columns sort.
pub(super) fn table(table: &Table) -> AnyView {
    match table {
        Table::Fields(fields) => {
            let rows = fields.iter().take(MOST_ROWS).map(|(field, value)| {
                view! {
                    <tr>
                        <th scope="row">{field.clone()}</th>
                        {cell(value, "mono")}
                    </tr>
                }
            });
            framed(["Field", "Value"].map(|name| (name.to_owned(), false)).to_vec(), rows.collect_view().into_any())
        }
        Table::Matrix { columns, rows, data } => {
            let named = !rows.is_empty();
            let row = |(index, values): (usize, &Vec<Cell>)| {
                let name = rows.get(index).map(|name| view! { <th scope="row">{name.text()}</th> });
                view! {
                    <tr>{name} {values.iter().take(MOST_COLUMNS).map(|value| cell(value, "num")).collect_view()}</tr>
                }
            };
            let body = data.iter().take(MOST_ROWS).enumerate().map(row).collect_view().into_any();
            // Columns of numbers are read from the right, and their heads stand above them.
            let numbers = |column: usize| data.iter().take(MOST_ROWS).all(|row| row[column].number().is_some());
            let head = columns.iter().take(MOST_COLUMNS).enumerate();
            let head = head.map(|(column, name)| (name.text(), numbers(column) && !data.is_empty()));
            framed(named.then(|| ("Name".to_owned(), false)).into_iter().chain(head).collect(), body)
        }
    }
}

/// The names of classes, each with the colour that it has on every page.
pub(super) fn labelmap(labelmap: &Labelmap) -> AnyView {
    let row = |(place, (index, name)): (usize, &(String, Cell))| {
        // The colour belongs to the index where that is a number, so that a map in another order looks the same.
        let number = index.parse::<usize>().unwrap_or(place);
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
    let body = labelmap.0.iter().take(MOST_ROWS).enumerate().map(row).collect_view().into_any();
    framed(["Index", "Class"].map(|name| (name.to_owned(), false)).to_vec(), body)
}

/// Bars for those who do not see them.
pub(super) fn bar(bar: &Bar) -> AnyView {
    let row = |(x, y): (&Cell, &Reading)| {
        view! {
            <tr>
                <th scope="row">{x.text()}</th>
                <td class="num">{numbers::reading(*y)}</td>
            </tr>
        }
    };
    let body = bar.x.iter().zip(&bar.y).take(MOST_BESIDE_A_CHART).map(row).collect_view().into_any();
    framed(vec![("Label".to_owned(), false), ("Value".to_owned(), true)], body)
}

/// A heatmap for those who do not see it.
pub(super) fn heatmap(heatmap: &Heatmap) -> AnyView {
    let shown = matrix::MOST.min(MOST_BESIDE_A_CHART / 2);
    let row = |(name, values): (&Cell, &Vec<Reading>)| {
        let values = values.iter().take(shown);
        let cells = values.map(|value| view! { <td class="num">{numbers::reading(*value)}</td> }).collect_view();
        view! {
            <tr>
                <th scope="row">{name.text()}</th>
                {cells}
            </tr>
        }
    };
    let body = heatmap.categories.iter().zip(&heatmap.values).take(shown).map(row).collect_view().into_any();
    let head = heatmap.categories.iter().take(shown).map(|name| (name.text(), true));
    framed(std::iter::once(("Category".to_owned(), false)).chain(head).collect(), body)
}

/// Any JSON as a table: a list of objects by their fields, an object by its fields, other lists by their values.
pub(super) fn of_json(json: &Value) -> Table {
    let Value::Array(items) = json else {
        let fields = json.as_object().into_iter().flatten();
        return Table::Fields(fields.map(|(field, value)| (field.clone(), plain(value))).collect());
    };
    let mut columns: Vec<String> = Vec::new();
    for item in items.iter().take(MOST_ROWS) {
        let fields = item.as_object().into_iter().flat_map(|object| object.keys());
        let new: Vec<_> = fields.filter(|field| !columns.contains(field)).cloned().collect();
        columns.extend(new.into_iter().take(MOST_COLUMNS - columns.len().min(MOST_COLUMNS)));
    }
    let row = |item: &Value| match item {
        Value::Object(object) => {
            columns.iter().map(|column| plain(object.get(column).unwrap_or(&Value::Null))).collect()
        }
        other => std::iter::once(plain(other)).chain((1..columns.len()).map(|_| Cell(Value::Null))).collect(),
    };
    let data = items.iter().map(row).collect();
    if columns.is_empty() {
        columns.push("Value".to_owned());
    }
    Table::Matrix { columns: columns.into_iter().map(|name| Cell(name.into())).collect(), rows: Vec::new(), data }
}

/// A value; a number has this class.
fn cell(cell: &Cell, class: &'static str) -> AnyView {
    // The exact number stays at hand, and is what sorting and copying read.
    match cell.number() {
        Some(_) => {
            let exact = cell.text();
            view! { <td class=class title=exact.clone() data-value=exact>{super::cell(cell)}</td> }.into_any()
        }
        None => view! { <td>{super::cell(cell)}</td> }.into_any(),
    }
}

/// A table whose heads are buttons that sort by their column; each says whether it stands above numbers.
fn framed(head: Vec<(String, bool)>, body: AnyView) -> AnyView {
    let head = head.into_iter().map(|(name, numbers)| {
        view! {
            <th scope="col" class=numbers.then_some("num")>
                <button type="button" class="sort" data-do="sort">
                    {name}
                </button>
            </th>
        }
    });
    view! {
        <table class="table table-dense">
            <thead>
                <tr>{head.collect_view()}</tr>
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
    fn any_json_becomes_a_table() {
        let columns = |json: Value| match of_json(&json) {
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
