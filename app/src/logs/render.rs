//! Renders logs to the text, HTML and figures of their cards. Runs on the server only.
//!
//! Content of logs is not trusted: all text is escaped.

mod csv;
mod figure;
mod heatmap_values;
mod tables;

use domain::{
    format,
    logs::{Cell, Document, Log},
};
use leptos::prelude::*;
use serde_json::Value;

use super::{
    card::LogCard,
    number_format::{format_reading, format_short},
};

pub(super) use csv::document_csv;
pub(super) use heatmap_values::Normalization;

/// Renders a log. `normalization` applies to heatmaps.
pub(super) fn render_card(log: &Log, normalization: Normalization) -> LogCard {
    let mut card = LogCard {
        id: log.id,
        name: log.name.to_string(),
        kind: log.kind,
        revision: log.revision,
        value: String::new(),
        note: String::new(),
        html: None,
        figure: None,
        line: log.line,
    };
    if let Some(line) = &log.line {
        card.value = if line.count == 0 { String::new() } else { format_reading(line.last) };
        card.note = format::count(line.count, "point");
        card.html = Some(String::new());
    }
    match &log.document {
        None if log.line.is_none() => "large".clone_into(&mut card.note),
        None => {}
        Some(Document::Value(value)) => {
            card.value = format_cell(value);
            card.html = Some(String::new());
        }
        Some(Document::Bar(bar)) => {
            card.note = format::count(bar.x.len(), "bar");
            card.figure = Some(figure::bar_figure(bar).to_string());
            card.html = Some(tables::bar_table(bar).to_html());
        }
        Some(Document::Heatmap(heatmap)) => {
            card.note = heatmap_values::heatmap_note(heatmap, normalization);
            card.figure = Some(figure::heatmap_figure(heatmap, normalization).to_string());
            card.html = Some(tables::heatmap_table(heatmap).to_html());
        }
        Some(Document::Table(table)) => {
            card.note = tables::table_note(table);
            card.html = Some(tables::data_table(table).to_html());
        }
        Some(Document::Labelmap(labelmap)) => {
            card.note = format::count(labelmap.0.len(), "class");
            card.html = Some(tables::labelmap_table(labelmap).to_html());
        }
        Some(Document::Evaluation(evaluation)) => {
            let table = tables::json_to_table(evaluation);
            card.note = tables::table_note(&table);
            card.html = Some(tables::data_table(&table).to_html());
        }
        Some(Document::Image(image)) => {
            card.note.clone_from(&image.name);
            card.html = Some(String::new());
        }
    }
    card
}

/// Formats a value of a table: numbers short, other values in full.
fn format_cell(cell: &Cell) -> String {
    match &cell.0 {
        Value::Number(number) => number.as_f64().map_or_else(|| cell.text(), format_short),
        Value::Null => "—".to_owned(),
        _ => cell.text(),
    }
}

#[cfg(test)]
mod tests {
    use domain::{
        Instant,
        ids::{ExperimentId, LogId},
        logs::{Data, Kind, LogName},
    };
    use serde_json::json;

    use super::*;

    fn render(kind: Kind, data: &Value) -> LogCard {
        let Ok(Data::Document(document)) = Data::parse(kind, data) else { panic!("{data} is not a {kind}") };
        let log = Log {
            id: LogId(uuid::Uuid::nil()),
            experiment: ExperimentId(uuid::Uuid::nil()),
            name: LogName::parse("a/<b>").unwrap(),
            kind,
            revision: 1,
            created_at: Instant(0),
            updated_at: Instant(0),
            document: Some(document),
            line: None,
        };
        render_card(&log, Normalization::None)
    }

    #[test]
    fn content_of_logs_is_escaped() {
        let evil = "<img src=x onerror=alert(1)>";
        for (kind, data) in [
            (Kind::Table, json!({ evil: evil })),
            (Kind::Table, json!({ "columns": [evil], "rows": [evil], "data": [[evil]] })),
            (Kind::Labelmap, json!({ "0": evil })),
            (Kind::Bar, json!({ "x": [evil], "y": [1] })),
            (Kind::Heatmap, json!({ "categories": [evil], "values": [[1]] })),
            (Kind::Evaluation, json!([{ evil: { "nested": evil } }])),
        ] {
            let card = render(kind, &data);
            let html = card.html.unwrap();
            assert!(!html.contains("<img"), "{kind}: {html}");
            assert!(html.contains("&lt;img"), "{kind}: {html}");
            assert!(!card.figure.unwrap_or_default().contains("<img"), "{kind}");
        }
    }

    #[test]
    fn cards_show_the_value_or_the_amount_of_data() {
        for (kind, data, value, note) in [
            (Kind::Value, json!(0.123_456_789), "0.12346", ""),
            (Kind::Value, json!("best"), "best", ""),
            (Kind::Table, json!({ "a": 1, "b": 2 }), "", "2 fields"),
            (Kind::Table, json!({ "columns": ["x"], "data": [[1], [2]] }), "", "2 rows"),
            (Kind::Labelmap, json!({ "0": "car" }), "", "1 class"),
            (Kind::Bar, json!({ "x": ["a", "b"], "y": [1, null] }), "", "2 bars"),
            (Kind::Heatmap, json!({ "categories": ["a", "b"], "values": [[1, 2], [3, 4]] }), "", "2 × 2, 1 to 4"),
        ] {
            let card = render(kind, &data);
            assert_eq!((card.value.as_str(), card.note.as_str()), (value, note), "{kind}");
        }
    }
}
