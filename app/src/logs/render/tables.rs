//! Documents as HTML tables.

use domain::{
    format,
    logs::{Bar, Cell, Heatmap, Labelmap, MatchingRows, Reading, Table, TableQuery},
};
use leptos::prelude::*;

use super::{super::number_format::format_reading, format_cell};

/// Maximum number of rows on a page. The download contains all of them.
const MAX_ROWS: usize = 1_000;
/// Maximum number of columns on a page. The download contains all of them.
const MAX_COLUMNS: usize = 100;
/// Maximum number of rows of the table that makes a chart accessible to screen readers.
const MAX_CHART_ROWS: usize = 50;

/// A table as it is shown on a page.
pub(super) struct RenderedTable {
    /// The first rows and columns.
    pub(super) html: String,
    /// The number of rows, how many of them match the search, and what is not shown.
    pub(super) note: String,
    /// Whether the table has more rows or columns than a page shows.
    pub(super) truncated: bool,
}

impl RenderedTable {
    fn new(noun: &str, rows: &MatchingRows, columns: usize, table: AnyView) -> Self {
        let (matching, truncated) = (rows.indices.len(), is_truncated(rows.total, columns));
        let matching_note =
            if matching < rows.total { format!("{} of ", format::thousands(matching as u64)) } else { String::new() };
        let all_rows = format::count(rows.total, noun);
        let truncation = if columns > MAX_COLUMNS {
            let rows =
                if matching > MAX_ROWS { format!("{} and ", format::count(MAX_ROWS, "row")) } else { String::new() };
            let all = format::count(columns, "column");
            format!(" × {all}; showing the first {rows}{MAX_COLUMNS} columns, the download has all")
        } else {
            truncation_note(matching, MAX_ROWS, "")
        };
        Self { html: table.to_html(), note: format!("{matching_note}{all_rows}{truncation}"), truncated }
    }
}

fn is_truncated(rows: usize, columns: usize) -> bool {
    rows > MAX_ROWS || columns > MAX_COLUMNS
}

/// Returns a remark that only the first `max` of `count` entries are shown, or an empty string if all are.
pub(super) fn truncation_note(count: usize, max: usize, unit: &str) -> String {
    if count > max {
        format!("; showing the first {}{unit}, the download has all", format::thousands(max as u64))
    } else {
        String::new()
    }
}

/// Renders the first rows of a table that match the query. A table that is not truncated is rendered as a whole, since the
/// browser searches and sorts it.
pub(super) fn render_table(table: &Table, query: &TableQuery) -> RenderedTable {
    let all_rows = TableQuery::default();
    match table {
        Table::Fields(fields) => {
            let query = if is_truncated(fields.len(), 2) { query } else { &all_rows };
            let rows = query.select_fields(fields, format_cell);
            RenderedTable::new("field", &rows, 2, fields_view(fields, &rows))
        }
        Table::Matrix { columns, data, .. } => {
            let query = if is_truncated(data.len(), columns.len()) { query } else { &all_rows };
            let rows = query.select(table, format_cell);
            RenderedTable::new("row", &rows, columns.len(), matrix_view(table, &rows))
        }
    }
}

/// Renders the first classes that match the query, as [`render_table`] does.
pub(super) fn render_labelmap(Labelmap(classes): &Labelmap, query: &TableQuery) -> RenderedTable {
    let all_rows = TableQuery::default();
    let query = if is_truncated(classes.len(), 2) { query } else { &all_rows };
    let rows = query.select_fields(classes, format_cell);
    RenderedTable::new("class", &rows, 2, labelmap_view(classes, &rows))
}

fn fields_view(fields: &[(String, Cell)], rows: &MatchingRows) -> AnyView {
    let row = |(field, value): &(String, Cell)| {
        view! {
            <tr>
                <th scope="row">{field_name_view(field)}</th>
                {cell_view(value, "mono")}
            </tr>
        }
    };
    let body = rows.indices.iter().take(MAX_ROWS).map(|&index| row(&fields[index])).collect_view().into_any();
    sortable_table(["Field", "Value"].map(|name| (name.to_owned(), false)).to_vec(), body)
}

fn matrix_view(table: &Table, matching: &MatchingRows) -> AnyView {
    let Table::Matrix { columns, rows, data } = table else { return ().into_any() };
    let has_row_names = !rows.is_empty();
    let row = |&index: &usize| {
        let name = rows.get(index).map(|name| view! { <th scope="row">{name.text()}</th> });
        let cells = data[index].iter().take(MAX_COLUMNS).map(|value| cell_view(value, "num")).collect_view();
        view! { <tr>{name} {cells}</tr> }
    };
    let body = matching.indices.iter().take(MAX_ROWS).map(row).collect_view().into_any();
    // Columns of numbers are right-aligned, including their headers.
    let is_numeric = |column: usize| data.iter().take(MAX_ROWS).all(|row| row[column].number().is_some());
    let header = columns.iter().take(MAX_COLUMNS).enumerate();
    let header = header.map(|(column, name)| (name.text(), is_numeric(column) && !data.is_empty()));
    sortable_table(has_row_names.then(|| ("Name".to_owned(), false)).into_iter().chain(header).collect(), body)
}

/// Renders the names of classes, each with the color that it has on every page.
fn labelmap_view(classes: &[(String, Cell)], rows: &MatchingRows) -> AnyView {
    let row = |&position: &usize| {
        let (index, name) = &classes[position];
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
    let body = rows.indices.iter().take(MAX_ROWS).map(row).collect_view().into_any();
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
    // Searching, sorting and copying use the exact value in `data-value`.
    match cell.number() {
        Some(_) => {
            let exact = cell.text();
            view! { <td class=class title=exact.clone() data-value=exact>{format_cell(cell)}</td> }.into_any()
        }
        None => view! { <td data-value=cell.0.is_null().then_some("")>{format_cell(cell)}</td> }.into_any(),
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
