//! Properties of cards and of exported documents.

use csv::ReaderBuilder;
use domain::{
    Instant,
    ids::{ExperimentId, LogId},
    logs::{ColumnSort, Content, Data, Kind, Log, LogName, Table, TableQuery},
};
use serde_json::{Value, value::RawValue};
use uuid::Uuid;

use super::{Normalization, document_csv, document_json, render_card};
use crate::fuzzing::assert_only_tags;

/// Tags of cards.
const TAGS: [&str; 9] = ["table", "thead", "tbody", "tr", "th", "td", "button", "span", "pre"];

/// Checks the card and the files of a document, as every type. The input is that of the target `log_payload`.
pub fn check_log_card(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    let (options, json) = text.split_once('\n').unwrap_or(("", text));
    let Ok(sent) = RawValue::from_string(json.to_owned()) else { return };
    let (column, search) = options.split_at_checked(1).unwrap_or_default();
    let sort = column.parse().ok().map(|column| ColumnSort { column, descending: search.starts_with('-') });
    let query = TableQuery { search: search.to_owned(), sort };
    for (index, kind) in Kind::ALL.into_iter().enumerate() {
        let Data::Document(document) = Data::parse(kind, &sent) else { continue };
        let tree = serde_json::from_str::<Value>(document.json());
        if let Ok(tree) = &tree {
            assert_eq!(serde_json::from_str(&document_json(&document)).ok().as_ref(), Some(tree));
        }
        check_csv(&document_csv(&document), &document.content());
        let Ok(name) = LogName::parse("a/<b>") else { return };
        let log = Log {
            id: LogId(Uuid::nil()),
            experiment: ExperimentId(Uuid::nil()),
            name,
            kind,
            revision: 1,
            created_at: Instant(0),
            updated_at: Instant(0),
            document: Some(document),
            image: None,
            line: None,
            named_lines: Vec::new(),
            last_texts: Vec::new(),
        };
        let normalization = [Normalization::None, Normalization::Row, Normalization::Column][index % 3];
        let card = render_card(&log, normalization, &query);
        let html = card.html.unwrap_or_default();
        assert_only_tags(&html.replace("<!>", ""), &TAGS);
        assert!(html.len() <= 1_000 * json.len() + 10_000, "{} bytes of HTML", html.len());
        let Some(figure) = card.figure else { continue };
        assert!(figure.len() <= 1_000 * json.len() + 10_000, "a figure of {} bytes", figure.len());
        assert!(!figure.replace("<extra></extra>", "").contains('<'), "plotly.js renders some tags: {figure}");
        assert!(serde_json::from_str::<Value>(&figure).is_ok());
    }
}

/// Checks that CSV has the rows and columns of a table.
fn check_csv(csv: &str, content: &Content) {
    let reader = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(csv.as_bytes());
    let lengths: Vec<usize> = reader.into_records().map_while(Result::ok).map(|record| record.len()).collect();
    let Content::Table(table) = content else { return };
    let (rows, columns) = match table {
        Table::Fields(fields) => (fields.len(), 2),
        Table::Matrix { columns, rows, data } => (data.len(), columns.len() + usize::from(!rows.is_empty())),
    };
    // A reader skips lines without any field.
    if columns > 1 {
        assert_eq!(lengths, vec![columns; rows + 1], "{csv:?}");
    }
}
