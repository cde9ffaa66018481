//! Documents as HTML tables.

use domain::{
    format,
    logs::{Bar, Cell, Heatmap, Labelmap, Reading, Table},
};
use leptos::prelude::*;

use super::{super::number_format::format_reading, format_cell};

/// Maximum number of rows on a page. The download contains all of them.
const MAX_ROWS: usize = 1_000;
/// Maximum number of columns on a page. The download contains all of them.
const MAX_COLUMNS: usize = 100;
/// Maximum number of rows of the table that makes a chart accessible to screen readers.
const MAX_CHART_ROWS: usize = 50;

/// Returns the number of fields, rows and columns, and what is not shown.
pub(super) fn table_note(table: &Table) -> String {
    match table {
        Table::Fields(fields) => format::count(fields.len(), "field") + &truncation_note(fields.len(), MAX_ROWS, ""),
        Table::Matrix { data, columns, .. } => {
            let rows = format::count(data.len(), "row");
            if columns.len() > MAX_COLUMNS {
                let columns_note = truncation_note(columns.len(), MAX_COLUMNS, " columns");
                return format!("{rows} × {}{columns_note}", format::count(columns.len(), "column"));
            }
            rows + &truncation_note(data.len(), MAX_ROWS, "")
        }
    }
}

/// Returns the number of classes, and what is not shown.
pub(super) fn labelmap_note(labelmap: &Labelmap) -> String {
    format::count(labelmap.0.len(), "class") + &truncation_note(labelmap.0.len(), MAX_ROWS, "")
}

/// Returns a remark that only the first `max` of `count` entries are shown, or an empty string if all are.
pub(super) fn truncation_note(count: usize, max: usize, unit: &str) -> String {
    if count > max {
        format!("; showing the first {}{unit}, the download has all", format::thousands(max as u64))
    } else {
        String::new()
    }
}

/// Renders fields with their values, or a matrix.
pub(super) fn data_table(table: &Table) -> AnyView {
    match table {
        Table::Fields(fields) => {
            let rows = fields.iter().take(MAX_ROWS).map(|(field, value)| {
                view! {
                    <tr>
                        <th scope="row">{field_name_view(field)}</th>
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
    const MAX_SIZE: usize = MAX_CHART_ROWS / 2;
    let row = |(name, values): (&Cell, &Vec<Reading>)| {
        let values = values.iter().take(MAX_SIZE);
        let cells = values.map(|value| view! { <td class="num">{format_reading(*value)}</td> }).collect_view();
        view! {
            <tr>
                <th scope="row">{name.text()}</th>
                {cells}
            </tr>
        }
    };
    let body = heatmap.y.iter().zip(&heatmap.values).take(MAX_SIZE).map(row).collect_view().into_any();
    let header = heatmap.x.iter().take(MAX_SIZE).map(|name| (name.text(), true));
    sortable_table(std::iter::once(("Category".to_owned(), false)).chain(header).collect(), body)
}

/// Renders the name of a field. The path of a nested field is dimmed, so that its own name stands out.
fn field_name_view(name: &str) -> AnyView {
    match name.rsplit_once('.').filter(|(path, own)| !path.is_empty() && !own.is_empty()) {
        Some((path, own)) => view! { <span class="field-path">{format!("{path}.")}</span> {own.to_owned()} }.into_any(),
        None => name.to_owned().into_any(),
    }
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
