//! Documents as files: CSV (RFC 4180) and JSON.

use domain::logs::{Cell, Content, Document, Table};
use serde_json::Value;

/// Converts a document to CSV. A value is a single field; an image is its file name.
pub(in super::super) fn document_csv(document: &Document) -> String {
    let mut csv = String::new();
    let mut push_record = |fields: &[String]| {
        csv.push_str(&fields.iter().map(|field| quote_field(field)).collect::<Vec<_>>().join(","));
        csv.push_str("\r\n");
    };
    match document.content() {
        Content::Value(value) => push_record(&[value.text()]),
        Content::Image(image) => push_record(std::slice::from_ref(&image.name)),
        Content::Bar(bar) => {
            push_record(&["x".to_owned(), "y".to_owned()]);
            for (x, y) in bar.x.iter().zip(&bar.y) {
                push_record(&[x.text(), y.to_string()]);
            }
        }
        Content::Heatmap(heatmap) => {
            push_record(&[vec![String::new()], heatmap.x.iter().map(Cell::text).collect()].concat());
            for (name, row) in heatmap.y.iter().zip(&heatmap.values) {
                push_record(&[vec![name.text()], row.iter().map(ToString::to_string).collect()].concat());
            }
        }
        Content::Labelmap(labelmap) => {
            push_record(&["index".to_owned(), "name".to_owned()]);
            for (index, name) in &labelmap.0 {
                push_record(&[index.clone(), name.text()]);
            }
        }
        Content::Table(table) => push_table(&table, &mut push_record),
        Content::Other(json, _) => push_table(&Table::from_json(&json), &mut push_record),
    }
    csv
}

/// Converts a document to indented JSON. Data that can't be parsed again is returned as it was sent.
pub(in super::super) fn document_json(document: &Document) -> String {
    match serde_json::from_str::<Value>(document.json()) {
        Ok(json) => format!("{json:#}\n"),
        Err(_) => format!("{}\n", document.json()),
    }
}

fn push_table(table: &Table, push_record: &mut dyn FnMut(&[String])) {
    match table {
        Table::Fields(fields) => {
            push_record(&["field".to_owned(), "value".to_owned()]);
            for (field, value) in fields {
                push_record(&[field.clone(), value.text()]);
            }
        }
        Table::Matrix { columns, rows, data } => {
            let row_name =
                |index: usize| (!rows.is_empty()).then(|| rows.get(index).map(Cell::text).unwrap_or_default());
            let corner = (!rows.is_empty()).then(String::new);
            push_record(&corner.into_iter().chain(columns.iter().map(Cell::text)).collect::<Vec<_>>());
            for (index, row) in data.iter().enumerate() {
                push_record(&row_name(index).into_iter().chain(row.iter().map(Cell::text)).collect::<Vec<_>>());
            }
        }
    }
}

/// Quotes a field if necessary. An apostrophe precedes text that a spreadsheet would run as a formula; numbers stay as they are.
fn quote_field(field: &str) -> String {
    let formula = field.starts_with(['=', '+', '-', '@', '\t', '\r']) && field.parse::<f64>().is_err();
    let field = if formula { format!("'{field}") } else { field.to_owned() };
    if field.contains(['"', ',', '\n', '\r']) { format!("\"{}\"", field.replace('"', "\"\"")) } else { field }
}

#[cfg(test)]
mod tests {
    use domain::logs::{Data, Kind};
    use serde_json::json;

    use super::*;

    #[test]
    fn converts_documents_to_csv() {
        let check = |kind, data, expected: &str| {
            let Data::Document(document) = Data::from_json(kind, &data) else { panic!("{kind}") };
            assert_eq!(document_csv(&document), expected);
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
