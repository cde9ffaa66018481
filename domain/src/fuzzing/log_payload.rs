//! Data that a script logs, and the queries on it.

use serde_json::{Value, value::RawValue};

use crate::{
    logs::{
        Cell, CellSortKey, ColumnSort, Content, Data, Document, Extremes, Kind, LineSamples, LogName, Reading, Samples,
        Step, Table, TableQuery,
    },
    text::to_lowercase,
};

/// Checks the data of a log, as every type, and a query on it as a table.
///
/// The first line has the column of the sort order (a digit), `-` if it is descending, and the text to search. The rest is
/// JSON. Without a line break, all of it is JSON.
pub fn check_log_payload(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    let (options, json) = text.split_once('\n').unwrap_or(("", text));
    let Ok(sent) = RawValue::from_string(json.to_owned()) else { return };
    let tree = serde_json::from_str::<Value>(json).ok();
    let samples = LineSamples::parse(&sent);
    check_line(&samples);
    if let Some(Value::Array(_) | Value::Number(_) | Value::String(_) | Value::Bool(_) | Value::Null) = &tree {
        assert_same_samples(&samples, &samples_from_tree(tree.as_ref().unwrap_or(&Value::Null)));
    }
    for kind in Kind::ALL.into_iter().filter(|kind| *kind != Kind::Line) {
        let Data::Document(document) = Data::parse(kind, &sent) else { panic!("a {kind} is a document") };
        assert!(document.json() == sent.get() || sent.get() == "null", "a {kind} is kept as sent");
        check_content(&document, tree.is_some(), &parse_query(options));
    }
}

fn parse_query(options: &str) -> TableQuery {
    let (column, rest) = options.split_at_checked(1).unwrap_or_default();
    let (descending, search) = rest.strip_prefix('-').map_or((false, rest), |search| (true, search));
    let sort = column.parse().ok().map(|column| ColumnSort { column, descending });
    TableQuery { search: search.to_owned(), sort }
}

fn check_line(line: &LineSamples) {
    assert!(line.named.len() <= LineSamples::MAX_NAMED);
    let all = || line.named.iter().map(|(_, samples)| samples).chain([&line.unnamed]);
    assert!(all().map(|samples| samples.texts.len()).sum::<usize>() <= LineSamples::MAX_TEXTS);
    assert_eq!(all().map(|samples| samples.values.len()).sum::<usize>(), line.len());
    for (name, _) in &line.named {
        assert!(!name.is_empty() && name.chars().count() <= LogName::LIMIT, "{name:?} is not the name of a line");
        assert_eq!(LogName::parse(name).ok().as_ref().map(LogName::as_str), Some(name.as_str()));
    }
    all().for_each(check_samples);
}

fn check_samples(samples: &Samples) {
    assert!(samples.texts.is_sorted_by(|(one, _), (other, _)| one < other));
    for (index, json) in &samples.texts {
        assert!(samples.values[*index].0.is_nan());
        assert!(serde_json::from_str::<&RawValue>(json).is_ok(), "{json} is JSON");
    }
    for value in &samples.values {
        let back = serde_json::to_string(value).ok().and_then(|json| serde_json::from_str::<Reading>(&json).ok());
        assert_eq!(back, Some(*value));
    }
    let Some(steps) = &samples.steps else { return };
    assert_eq!(steps.len(), samples.values.len());
    let mut extremes = [Extremes::default(), Extremes::default()];
    let backwards = |list: &[Step]| list.iter().rev().copied().collect::<Vec<_>>();
    extremes[0].include(steps, &samples.values);
    extremes[1].include(&backwards(steps), &samples.values.iter().rev().copied().collect::<Vec<_>>());
    assert_eq!(extremes[0], extremes[1], "extremes do not depend on the order");
}

/// Parses a list or a single value as [`LineSamples::parse`] does, but from a tree. Entries that are not numbers have no JSON.
fn samples_from_tree(json: &Value) -> Samples {
    let entries = match json {
        Value::Array(entries) => entries.as_slice(),
        single => std::slice::from_ref(single),
    };
    let pair = |entry: &Value| {
        let [step, value] = entry.as_array()?.as_slice() else { return None };
        Some((Step::new(Reading::from_lenient_json(step)?.0)?, Reading::from_lenient_json(value)?))
    };
    let pairs: Option<Vec<_>> = entries.iter().map(pair).collect();
    if let (Some(pairs), Value::Array(_)) = (pairs.filter(|pairs| !pairs.is_empty()), json) {
        let (steps, values) = pairs.into_iter().unzip();
        return Samples { steps: Some(steps), values, ..Samples::default() };
    }
    let mut samples = Samples::default();
    for entry in entries {
        let value = Reading::from_lenient_json(entry);
        if value.is_none() {
            samples.texts.push((samples.values.len(), "".into()));
        }
        samples.values.push(value.unwrap_or(Reading::NAN));
    }
    if samples.texts.len() > LineSamples::MAX_TEXTS {
        return Samples { values: vec![Reading::NAN], texts: vec![(0, "".into())], ..Samples::default() };
    }
    samples
}

fn assert_same_samples(line: &LineSamples, expected: &Samples) {
    assert!(line.named.is_empty());
    let Samples { steps, values, times, texts } = &line.unnamed;
    assert_eq!((steps, values, times), (&expected.steps, &expected.values, &expected.times));
    let indices = |texts: &[(usize, _)]| texts.iter().map(|(index, _)| *index).collect::<Vec<_>>();
    assert_eq!(indices(texts), indices(&expected.texts));
}

fn check_content(document: &Document, is_tree: bool, query: &TableQuery) {
    let content = document.content();
    // Large data is parsed into columns first, with the same result.
    if is_tree {
        assert_eq!(content, document.parse_tree());
    }
    match content {
        Content::Value(cell) => assert!(cell.is_scalar()),
        Content::TooLarge => assert!(document.is_too_large()),
        Content::Bar(bar) => assert!(bar.x.len() == bar.y.len() && bar.x.iter().all(Cell::is_scalar)),
        Content::Heatmap(heatmap) => {
            assert_eq!(heatmap.y.len(), heatmap.values.len());
            assert!(heatmap.values.iter().all(|row| row.len() == heatmap.x.len()));
        }
        Content::Table(table) => check_table(&table, document.json().len(), query),
        Content::Labelmap(labelmap) => check_rows(query, &Table::Fields(labelmap.0)),
        Content::Image(image) => assert!(!image.object_name.is_empty() && !image.filename.is_empty()),
        Content::Other(json, _) => check_table(&Table::from_json(json), document.json().len(), query),
    }
}

fn check_table(table: &Table, json_length: usize, query: &TableQuery) {
    match table {
        Table::Fields(fields) => {
            let names: usize = fields.iter().map(|(name, _)| name.len()).sum();
            assert!(names <= 8 * json_length + Table::MAX_REPEATED_NAME_BYTES);
        }
        Table::Matrix { columns, rows, data } => {
            assert!(data.iter().all(|row| row.len() == columns.len()));
            assert!(rows.is_empty() || rows.len() == data.len());
            assert!(columns.len() * data.len() <= 3 * json_length + Table::MAX_FILLING);
        }
    }
    check_rows(query, table);
}

/// Checks search and sort order against a simple implementation.
fn check_rows(query: &TableQuery, table: &Table) {
    let cells: Vec<Vec<Cell>> = match table {
        Table::Fields(fields) => {
            fields.iter().map(|(name, value)| vec![Cell(name.as_str().into()), value.clone()]).collect()
        }
        Table::Matrix { rows, data, .. } => {
            let row = |(index, row): (usize, &Vec<Cell>)| rows.get(index).into_iter().chain(row).cloned().collect();
            data.iter().enumerate().map(row).collect()
        }
    };
    let search = to_lowercase(query.search.trim());
    let is_match = |row: &usize| cells[*row].iter().any(|cell| to_lowercase(&cell.text()).contains(&search));
    let mut expected: Vec<usize> = (0..cells.len()).filter(|row| search.is_empty() || is_match(row)).collect();
    if let Some(ColumnSort { column, descending }) = query.sort {
        let key = |row: &usize| match cells[*row].get(column) {
            Some(cell) => cell.number().map_or_else(|| CellSortKey::from_text(&cell.text()), CellSortKey::Number),
            None => CellSortKey::Last,
        };
        expected.sort_by(|one, other| key(one).compare(&key(other), descending));
    }
    let found = query.select(table, Cell::text);
    assert_eq!((found.indices, found.total), (expected, cells.len()));
}
