//! Documents as files: CSV (RFC 4180) and JSON.

use std::io;

use domain::logs::{Cell, Content, Document, Table};
use serde_json::Value;

/// Maximum length of indented JSON, as a multiple of its length as sent.
const MAX_INDENTED_RATIO: usize = 8;

/// Converts a document to CSV. A value is a single field; an image is its file name. Data with too many values is a single field
/// with its JSON.
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
        Content::TooLarge => push_record(&[document.json().to_owned()]),
        Content::Table(table) => push_table(&table, &mut push_record),
        Content::Other(json, _) => push_table(&Table::from_json(json), &mut push_record),
    }
    csv
}

/// Converts a document to indented JSON. Data that can't be parsed again is returned as it was sent, and so is data that
/// indenting makes much longer, because its lists are nested deeply, or that has too many values.
pub(in super::super) fn document_json(document: &Document) -> String {
    let sent = document.json();
    if document.is_too_large() {
        return format!("{sent}\n");
    }
    let indented = serde_json::from_str::<Value>(sent).ok().and_then(|json| {
        let mut out = LimitedWriter { bytes: Vec::new(), limit: MAX_INDENTED_RATIO * (sent.len() + 1024) };
        serde_json::to_writer_pretty(&mut out, &json).ok()?;
        String::from_utf8(out.bytes).ok()
    });
    format!("{}\n", indented.as_deref().unwrap_or(sent))
}

/// Collects bytes, and fails when there are more than `limit`.
struct LimitedWriter {
    bytes: Vec<u8>,
    limit: usize,
}

impl io::Write for LimitedWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.bytes.len() + bytes.len() > self.limit {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.bytes.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
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
    use serde_json::{json, value::RawValue};

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

    #[test]
    fn indents_json_unless_that_makes_it_much_longer() {
        let check = |sent: String, expected: &str| {
            let Data::Document(document) = Data::parse(Kind::Table, &RawValue::from_string(sent).unwrap()) else {
                panic!("a table is a document")
            };
            assert_eq!(document_json(&document), expected);
        };
        check(r#"{"a":[1,2.50]}"#.to_owned(), "{\n  \"a\": [\n    1,\n    2.5\n  ]\n}\n");
        let deep = format!("{}{}{}", "[".repeat(120), vec!["1"; 10_000].join(","), "]".repeat(120));
        check(deep.clone(), &format!("{deep}\n"));
    }
}
