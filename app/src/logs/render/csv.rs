//! Documents as CSV (RFC 4180).

use domain::logs::{Cell, Document, Table};
use serde_json::Value;

use super::tables;

/// A document's rows. A value is one row; a picture is told by its name.
pub(in super::super) fn csv(document: &Document) -> String {
    let mut lines = String::new();
    let mut line = |cells: &[String]| {
        lines.push_str(&cells.iter().map(|cell| quoted(cell)).collect::<Vec<_>>().join(","));
        lines.push_str("\r\n");
    };
    match document {
        Document::Value(value) => line(&[value.text()]),
        Document::Image(image) => line(std::slice::from_ref(&image.name)),
        Document::Bar(bar) => {
            line(&["x".to_owned(), "y".to_owned()]);
            for (x, y) in bar.x.iter().zip(&bar.y) {
                line(&[x.text(), y.to_string()]);
            }
        }
        Document::Heatmap(heatmap) => {
            line(&[vec![String::new()], heatmap.categories.iter().map(Cell::text).collect()].concat());
            for (name, row) in heatmap.categories.iter().zip(&heatmap.values) {
                line(&[vec![name.text()], row.iter().map(ToString::to_string).collect()].concat());
            }
        }
        Document::Labelmap(labelmap) => {
            line(&["index".to_owned(), "name".to_owned()]);
            for (index, name) in &labelmap.0 {
                line(&[index.clone(), name.text()]);
            }
        }
        Document::Table(table) => rows(table, &mut line),
        Document::Evaluation(evaluation) => rows(&tables::of_json(evaluation), &mut line),
    }
    lines
}

fn rows(table: &Table, line: &mut dyn FnMut(&[String])) {
    match table {
        Table::Fields(fields) => {
            line(&["field".to_owned(), "value".to_owned()]);
            for (field, value) in fields {
                line(&[field.clone(), value.text()]);
            }
        }
        Table::Matrix { columns, rows, data } => {
            let name = |index: usize| (!rows.is_empty()).then(|| rows.get(index).map(Cell::text).unwrap_or_default());
            let corner = (!rows.is_empty()).then(String::new);
            line(&corner.into_iter().chain(columns.iter().map(Cell::text)).collect::<Vec<_>>());
            for (index, row) in data.iter().enumerate() {
                line(&name(index).into_iter().chain(row.iter().map(Cell::text)).collect::<Vec<_>>());
            }
        }
    }
}

/// Quoted where it must be. What a spreadsheet would run as a formula gets an apostrophe in front, unless it is a number.
fn quoted(cell: &str) -> String {
    let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && cell.parse::<f64>().is_err();
    let cell = if formula { format!("'{cell}") } else { cell.to_owned() };
    if cell.contains(['"', ',', '\n', '\r']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell }
}

/// The value in a row for JSON that is no object or list of them.
pub(super) fn plain(value: &Value) -> Cell {
    Cell(value.clone())
}

#[cfg(test)]
mod tests {
    use domain::logs::Kind;
    use serde_json::json;

    use super::*;

    #[test]
    fn documents_as_csv() {
        let check = |kind, data, expected: &str| {
            assert_eq!(csv(&Document::parse(kind, &data).unwrap()), expected);
        };
        check(
            Kind::Table,
            json!({ "a,b": "say \"x\"", "n": 1 }),
            "field,value\r\n\"a,b\",\"say \"\"x\"\"\"\r\nn,1\r\n",
        );
        check(Kind::Table, json!({ "columns": ["p"], "rows": ["cat"], "data": [[0.5]] }), ",p\r\ncat,0.5\r\n");
        check(Kind::Bar, json!({ "x": ["=1+1", -2], "y": [1, null] }), "x,y\r\n'=1+1,1\r\n-2,NaN\r\n");
        check(Kind::Labelmap, json!({ "0": "car" }), "index,name\r\n0,car\r\n");
        check(Kind::Heatmap, json!({ "categories": ["a"], "values": [[2]] }), ",a\r\na,2\r\n");
    }
}
