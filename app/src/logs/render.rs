//! Logs on paper: the text, the HTML and the figures that cards show. Made on the server alone.

mod csv;
mod figure;
mod matrix;

mod tables;

use domain::{
    format,
    logs::{Cell, Document, Log},
};
use leptos::prelude::*;
use serde_json::Value;

use super::{card::Card, numbers};

pub(super) use csv::csv;
pub(super) use matrix::Share;

/// A log's card.
pub(super) fn card(log: &Log, share: Share) -> Card {
    let mut card = Card {
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
        card.value = if line.count == 0 { String::new() } else { numbers::reading(line.last) };
        card.note = format::count(line.count, "point");
        card.html = Some(String::new());
    }
    match &log.document {
        None if log.line.is_none() => "large".clone_into(&mut card.note),
        None => {}
        Some(Document::Value(value)) => {
            card.value = cell(value);
            card.html = Some(String::new());
        }
        Some(Document::Bar(bar)) => {
            card.note = format::count(bar.x.len(), "bar");
            card.figure = Some(figure::bar(bar).to_string());
            card.html = Some(html(tables::bar(bar)));
        }
        Some(Document::Heatmap(heatmap)) => {
            card.note = matrix::note(heatmap, share);
            card.figure = Some(figure::heatmap(heatmap, share).to_string());
            card.html = Some(html(tables::heatmap(heatmap)));
        }
        Some(Document::Table(table)) => {
            card.note = tables::note(table);
            card.html = Some(html(tables::table(table)));
        }
        Some(Document::Labelmap(labelmap)) => {
            card.note = format::count(labelmap.0.len(), "class");
            card.html = Some(html(tables::labelmap(labelmap)));
        }
        Some(Document::Evaluation(evaluation)) => {
            let table = tables::of_json(evaluation);
            card.note = tables::note(&table);
            card.html = Some(html(tables::table(&table)));
        }
        Some(Document::Image(image)) => {
            card.note.clone_from(&image.name);
            card.html = Some(String::new());
        }
    }
    card
}

/// A value of a table: numbers short, everything else as it is.
fn cell(cell: &Cell) -> String {
    match &cell.0 {
        Value::Number(number) => number.as_f64().map_or_else(|| cell.text(), numbers::short),
        Value::Null => "—".to_owned(),
        _ => cell.text(),
    }
}

fn html(view: AnyView) -> String {
    view.to_html()
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

    fn on_paper(kind: Kind, data: &Value) -> Card {
        let Ok(Data::Document(document)) = Data::parse(kind, data) else { panic!("{data} is no {kind}") };
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
        card(&log, Share::None)
    }

    #[test]
    fn what_scripts_send_is_text() {
        let evil = "<img src=x onerror=alert(1)>";
        for (kind, data) in [
            (Kind::Table, json!({ evil: evil })),
            (Kind::Table, json!({ "columns": [evil], "rows": [evil], "data": [[evil]] })),
            (Kind::Labelmap, json!({ "0": evil })),
            (Kind::Bar, json!({ "x": [evil], "y": [1] })),
            (Kind::Heatmap, json!({ "categories": [evil], "values": [[1]] })),
            (Kind::Evaluation, json!([{ evil: { "nested": evil } }])),
        ] {
            let card = on_paper(kind, &data);
            let html = card.html.unwrap();
            assert!(!html.contains("<img"), "{kind}: {html}");
            assert!(html.contains("&lt;img"), "{kind}: {html}");
            assert!(!card.figure.unwrap_or_default().contains("<img"), "{kind}");
        }
    }

    #[test]
    fn every_kind_says_how_much_there_is() {
        for (kind, data, value, note) in [
            (Kind::Value, json!(0.123_456_789), "0.12346", ""),
            (Kind::Value, json!("best"), "best", ""),
            (Kind::Table, json!({ "a": 1, "b": 2 }), "", "2 fields"),
            (Kind::Table, json!({ "columns": ["x"], "data": [[1], [2]] }), "", "2 rows"),
            (Kind::Labelmap, json!({ "0": "car" }), "", "1 class"),
            (Kind::Bar, json!({ "x": ["a", "b"], "y": [1, null] }), "", "2 bars"),
            (Kind::Heatmap, json!({ "categories": ["a", "b"], "values": [[1, 2], [3, 4]] }), "", "2 × 2, 1 to 4"),
        ] {
            let card = on_paper(kind, &data);
            assert_eq!((card.value.as_str(), card.note.as_str()), (value, note), "{kind}");
        }
    }
}
