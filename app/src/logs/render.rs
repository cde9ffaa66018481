//! Renders logs to the text, HTML and figures of their cards. Runs on the server only.
//!
//! Content of logs is not trusted: all text is escaped.

mod csv;
mod figure;
#[cfg(any(test, feature = "fuzzing"))]
mod fuzzing;
mod heatmap_values;
mod tables;

use domain::{
    format,
    logs::{Cell, Content, Document, Extremes, Kind, LineSummary, Log, Table, TableQuery},
};
use leptos::prelude::*;
use serde_json::Value;

use super::{
    card::LogCard,
    number_format::{format_reading, format_short},
};

pub(super) use csv::{document_csv, document_json};
#[cfg(any(test, feature = "fuzzing"))]
pub use fuzzing::check_log_card;
pub(super) use heatmap_values::Normalization;
use tables::RenderedTable;

/// Maximum length in characters of a VALUE that is shown large. Longer texts are shown as paragraphs that scroll.
const MAX_VALUE_LENGTH: usize = 100;

/// Maximum size of all cards of a dashboard, in bytes of text, HTML and figures. The others are fetched when they are visible.
const MAX_DASHBOARD_BYTES: usize = 2 << 20;
/// Documents of at most this many bytes are always part of the dashboard.
const MAX_SMALL_DOCUMENT_BYTES: usize = 256;

/// Renders the logs of a dashboard, in their order, without what would make it too large.
pub(super) fn render_dashboard(logs: Vec<Log>) -> Vec<LogCard> {
    let mut bytes = 0;
    let cards = logs.into_iter().map(|mut log| {
        let is_full = bytes > MAX_DASHBOARD_BYTES;
        if is_full {
            log.document = log.document.filter(|document| document.json().len() <= MAX_SMALL_DOCUMENT_BYTES);
        }
        let mut card = render_card(&log, Normalization::None, &TableQuery::default());
        if is_full && !log.last_texts.is_empty() {
            card.html = None;
        }
        let parts = [Some(&card.value), Some(&card.note), card.html.as_ref(), card.figure.as_ref()];
        bytes += parts.into_iter().flatten().map(String::len).sum::<usize>();
        card
    });
    cards.collect()
}

/// Renders a log. `normalization` applies to heatmaps, and `query` to tables with more rows or columns than a page shows.
pub(super) fn render_card(log: &Log, normalization: Normalization, query: &TableQuery) -> LogCard {
    let mut card = LogCard {
        id: log.id,
        name: log.name.to_string(),
        kind: log.kind,
        shown_as: log.kind,
        revision: log.revision,
        value: String::new(),
        note: String::new(),
        html: None,
        truncated: false,
        figure: None,
        lines: Vec::new(),
        extremes: Extremes::default(),
        period: None,
    };
    match (&log.document, &log.line) {
        (Some(document), _) => {
            render_content(&mut card, document.content(), log.image.is_some(), normalization, query);
        }
        (None, Some(line)) => render_line(&mut card, log, line),
        (None, None) => {
            "large".clone_into(&mut card.note);
            // A single value or an image is never large, so this is data that the type doesn't draw.
            if matches!(log.kind, Kind::Value | Kind::Image) {
                card.shown_as = Kind::Table;
            }
        }
    }
    card
}

fn render_line(card: &mut LogCard, log: &Log, line: &LineSummary) {
    let named = &log.named_lines;
    if named.is_empty() || line.count > 0 {
        card.lines.push((log.id, log.name.to_string()));
    }
    card.lines.extend(named.iter().map(|line| (line.id, line.name.clone())));
    let summaries = || named.iter().map(|named| &named.summary).chain([line]).filter(|summary| summary.count > 0);
    card.period = summaries()
        .map(|summary| (summary.first_at, summary.last_at))
        .reduce(|(first, last), (start, end)| (first.min(start), last.max(end)));
    let count: u64 = summaries().map(|summary| summary.count).sum();
    card.note = if named.is_empty() {
        format::count(count, "point")
    } else {
        format!("{}, {}", format::count(card.lines.len(), "line"), format::count(count, "point"))
    };
    card.html = Some(if log.last_texts.is_empty() { String::new() } else { texts_view(&log.last_texts).to_html() });
    let texts: u64 = summaries().map(|summary| summary.texts).sum();
    if count > 0 && texts == count {
        // Nothing to draw.
        card.shown_as = Kind::Table;
        card.lines.clear();
        let entries = if texts == 1 { "entry" } else { "entries" };
        card.note = format!("{} text {entries}", format::thousands(texts));
    } else if named.is_empty() && line.count > 0 {
        card.value = format_reading(line.last);
        card.extremes = line.extremes;
    }
}

/// Renders the last entries of a line that are not numbers, in the order in which they were logged.
fn texts_view(texts: &[String]) -> AnyView {
    let text = |json: &String| serde_json::from_str::<String>(json).unwrap_or_else(|_| json.clone());
    texts.iter().map(|json| view! { <pre class="log-text">{text(json)}</pre> }).collect_view().into_any()
}

fn render_content(
    card: &mut LogCard,
    content: Content,
    image_uploaded: bool,
    normalization: Normalization,
    query: &TableQuery,
) {
    match content {
        Content::Value(value) if is_long(&value) => {
            card.shown_as = Kind::Table;
            let text = value.text();
            card.note = format::count(text.chars().count(), "character");
            card.html = Some(view! { <pre class="log-text">{text}</pre> }.to_html());
        }
        Content::Value(value) => {
            card.value = format_cell(&value);
            card.html = Some(String::new());
        }
        Content::Bar(bar) => {
            card.note = figure::bar_note(&bar);
            card.figure = Some(figure::bar_figure(&bar).to_string());
            card.html = Some(tables::bar_table(&bar).to_html());
        }
        Content::Heatmap(heatmap) => {
            card.note = heatmap_values::heatmap_note(&heatmap, normalization);
            card.figure = Some(figure::heatmap_figure(&heatmap, normalization).to_string());
            card.html = Some(tables::heatmap_table(&heatmap).to_html());
        }
        Content::Table(table) => show_table(card, tables::render_table(&table, query), None),
        Content::Labelmap(labelmap) => show_table(card, tables::render_labelmap(&labelmap, query), None),
        Content::Image(image) if image_uploaded => {
            card.note = image.name;
            card.html = Some(String::new());
        }
        Content::Image(image) => {
            let json = serde_json::json!({ "object_name": image.object_name, "filename": image.filename });
            let why = "this experiment has no uploaded image with this object name";
            show_table(card, tables::render_table(&Table::from_json(json), query), Some(why));
        }
        Content::TooLarge => {
            let max = format::thousands(Document::MAX_VALUES as u64);
            card.note = format!("More than {max} values; the download has them");
            card.shown_as = Kind::Table;
            card.html = Some(String::new());
        }
        Content::Other(json, why) => {
            show_table(card, tables::render_table(&Table::from_json(json), query), Some(&why.to_string()));
        }
    }
}

/// Shows a table. `why_data` is the reason if its data is shown as a table because its type doesn't draw it.
fn show_table(card: &mut LogCard, table: RenderedTable, why_data: Option<&str>) {
    card.note = match why_data {
        None => table.note,
        Some(why) if table.truncated => format!("Shown as data: {why}. {}.", table.note),
        Some(why) => format!("Shown as data: {why}."),
    };
    if why_data.is_some() {
        card.shown_as = Kind::Table;
    }
    card.html = Some(table.html);
    card.truncated = table.truncated;
}

fn is_long(value: &Cell) -> bool {
    matches!(&value.0, Value::String(text) if text.contains('\n') || text.chars().count() > MAX_VALUE_LENGTH)
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
        logs::{ColumnSort, Data, Kind, LogName},
    };
    use serde_json::json;

    use super::*;

    #[test]
    fn data_with_too_many_values_is_not_shown() {
        let card = render(Kind::Table, &json!(vec![1; Document::MAX_VALUES + 1]));
        assert_eq!(card.note, "More than 500,000 values; the download has them");
        assert_eq!((card.html.as_deref(), card.figure), (Some(""), None));
        // A heatmap is not parsed into a tree.
        let card = render(Kind::Heatmap, &json!({ "values": vec![vec![1; 800]; 800] }));
        assert!(card.note.starts_with("800 × 800"), "{}", card.note);
    }

    #[test]
    fn a_dashboard_contains_cards_up_to_its_size() {
        let log = |index: usize, kind: Kind, data: &Value| {
            let Data::Document(document) = Data::from_json(kind, data) else { panic!("{data} is not a {kind}") };
            test_log(&format!("log {index}"), kind, document)
        };
        let table = json!(vec![vec![1; 80]; 80]);
        let mut logs: Vec<Log> = (0..300).map(|index| log(index, Kind::Table, &table)).collect();
        logs.push(log(300, Kind::Value, &json!(0.5)));
        let cards = render_dashboard(logs);
        assert_eq!(cards.len(), 301);
        let complete = cards.iter().take_while(|card| card.html.is_some()).count();
        assert!((5..300).contains(&complete), "{complete}");
        assert!(cards[complete..300].iter().all(|card| card.html.is_none() && card.note == "large"));
        assert_eq!(cards[300].value, "0.5");
        let bytes: usize = cards.iter().filter_map(|card| card.html.as_ref()).map(String::len).sum();
        assert!(bytes < MAX_DASHBOARD_BYTES + bytes / complete + 1, "{bytes}");
    }

    fn render(kind: Kind, data: &Value) -> LogCard {
        render_rows(kind, data, &TableQuery::default())
    }

    fn render_rows(kind: Kind, data: &Value, query: &TableQuery) -> LogCard {
        let Data::Document(document) = Data::from_json(kind, data) else { panic!("{data} is not a {kind}") };
        render_card(&test_log("a/<b>", kind, document), Normalization::None, query)
    }

    fn test_log(name: &str, kind: Kind, document: Document) -> Log {
        Log {
            id: LogId(uuid::Uuid::nil()),
            experiment: ExperimentId(uuid::Uuid::nil()),
            name: LogName::parse(name).unwrap(),
            kind,
            revision: 1,
            created_at: Instant(0),
            updated_at: Instant(0),
            document: Some(document),
            image: None,
            line: None,
            named_lines: Vec::new(),
            last_texts: Vec::new(),
        }
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
            (Kind::Value, json!(format!("{evil}\n"))),
            (Kind::Value, json!([evil])),
            (Kind::Image, json!({ "object_name": evil, "filename": "a.png" })),
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
            assert_eq!(card.shown_as, kind);
        }
    }

    #[test]
    fn notes_say_what_is_not_shown() {
        let fields: serde_json::Map<_, _> = (0..1_200).map(|index| (index.to_string(), json!(1))).collect();
        let row = vec![1; 120];
        for (kind, data, note) in [
            (Kind::Table, json!(fields), "1,200 fields; showing the first 1,000, the download has all"),
            (
                Kind::Table,
                json!([row.clone()]),
                "1 row × 120 columns; showing the first 100 columns, the download has all",
            ),
            (
                Kind::Table,
                json!(vec![row; 1_001]),
                "1,001 rows × 120 columns; showing the first 1,000 rows and 100 columns, the download has all",
            ),
            (
                Kind::Value,
                json!(vec![1; 1_001]),
                "Shown as data: a list is not a single value; a VALUE is a number or a text. 1,001 rows; showing the first \
                 1,000, the download has all.",
            ),
            (Kind::Labelmap, json!(vec!["a"; 1_001]), "1,001 classes; showing the first 1,000, the download has all"),
            (Kind::Bar, json!(vec![1; 1_001]), "1,001 bars; showing the first 1,000, the download has all"),
            (
                Kind::Heatmap,
                json!({ "categories": ["a", "b", "c"], "values": [[1, 2], [3, 4]] }),
                "2 × 2, 1 to 4; 3 categories label a 2 × 2 matrix",
            ),
        ] {
            assert_eq!(render(kind, &data).note, note);
        }
    }

    #[test]
    fn searches_and_sorts_all_rows_of_a_truncated_table() {
        let check = |kind: Kind, data: &Value, search: &str, sort, note: &str, first: &str| {
            let sort = Some(sort).filter(|_| !first.is_empty());
            let card = render_rows(kind, data, &TableQuery { search: search.to_owned(), sort });
            assert_eq!(card.note, note, "{kind} {search:?}");
            assert!(card.truncated);
            let html = card.html.unwrap();
            let body = html.split_once("<tbody>").unwrap().1;
            assert!(body.split("</tr>").next().unwrap().contains(first), "{kind} {search:?}: {body}");
            assert_eq!(body.matches("<tr>").count().min(2), usize::from(!first.is_empty()) * 2);
        };
        let descending = |column| ColumnSort { column, descending: true };
        let numbers: Vec<_> = (0..3_400).map(|row| json!({ "file": format!("{row}.png"), "iou": row })).collect();
        let table = json!(numbers);
        let truncation = "; showing the first 1,000, the download has all";
        check(Kind::Table, &table, "", descending(1), &format!("3,400 rows{truncation}"), "3399.png");
        check(Kind::Table, &table, "339", descending(1), "14 of 3,400 rows", "3399.png");
        check(Kind::Table, &table, "PNG", descending(0), &format!("3,400 rows{truncation}"), "999.png");
        check(Kind::Table, &table, "cat", descending(0), "0 of 3,400 rows", "");
        let fields: serde_json::Map<_, _> = (0..1_200).map(|index| (format!("f{index}"), json!(index))).collect();
        check(Kind::Evaluation, &json!(fields), "f11", descending(1), "111 of 1,200 fields", "1199");
        let classes: Vec<_> = (0..2_500).map(|index| format!("class {index}")).collect();
        check(Kind::Labelmap, &json!(classes), "", descending(0), &format!("2,500 classes{truncation}"), "swatch-9");
        let wide = json!([vec![1; 120], vec![2; 120]]);
        let note = "2 rows × 120 columns; showing the first 100 columns, the download has all";
        check(Kind::Table, &wide, "", descending(0), note, ">2<");
    }

    #[test]
    fn renders_all_rows_of_a_complete_table_for_the_browser_to_search_and_sort() {
        let query = TableQuery { search: "b".to_owned(), sort: Some(ColumnSort { column: 0, descending: true }) };
        for (kind, data) in [(Kind::Table, json!({ "a": 1, "b": null })), (Kind::Labelmap, json!(["a", "b"]))] {
            let card = render_rows(kind, &data, &query);
            assert_eq!(card, render(kind, &data));
            assert!(!card.truncated);
        }
    }

    #[test]
    fn data_that_is_not_drawn_is_shown_as_a_table_with_the_reason() {
        for (kind, data, note) in [
            (Kind::Value, json!([1, 2]), "Shown as data: a list is not a single value; a VALUE is a number or a text."),
            (
                Kind::Bar,
                json!({ "x": ["a"], "y": [1, 2] }),
                r#"Shown as data: 'x' has 1 label and 'y' has 2 numbers; a BAR is {"x": ["cat", "dog"], "y": [3, 5]}, {"cat": 3, "dog": 5} or [3, 5]."#,
            ),
            (
                Kind::Image,
                json!({ "object_name": "o", "filename": "a.png" }),
                "Shown as data: this experiment has no uploaded image with this object name.",
            ),
        ] {
            let card = render(kind, &data);
            assert_eq!((card.kind, card.shown_as, card.note.as_str()), (kind, Kind::Table, note));
            assert!(card.html.unwrap().contains("<table"), "{kind}");
            assert_eq!(card.figure, None);
        }
        let long = render(Kind::Value, &json!("x".repeat(30_000)));
        assert_eq!((long.shown_as, long.note.as_str()), (Kind::Table, "30,000 characters"));
    }
}
