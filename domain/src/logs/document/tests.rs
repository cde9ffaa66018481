//! Tests of every shape that scripts send.

use serde_json::{Value, json, value::RawValue};

use super::*;
use crate::logs::Reading;

fn document(kind: Kind, sent: &Value) -> Document {
    Document::new(kind, &RawValue::from_string(sent.to_string()).unwrap())
}

fn content(kind: Kind, sent: Value) -> Content {
    document(kind, &sent).content()
}

fn cells(labels: &[Value]) -> Vec<Cell> {
    labels.iter().cloned().map(Cell).collect()
}

fn readings(numbers: &[f64]) -> Vec<Reading> {
    numbers.iter().copied().map(Reading).collect()
}

#[test]
fn every_value_is_kept_as_sent_for_every_type() {
    let sent = [
        r#"{"zeta":1,"alpha":{"b":[1,2.50]}}"#,
        "[[9,1],[2,8]]",
        "[12.5]",
        "12.5",
        "true",
        r#""Net(\n  conv\u0000)""#,
        // Beyond the integers that a 64-bit float represents exactly.
        "[18446744073709551615,-9223372036854775808,9007199254740993]",
        "{}",
        "[]",
    ];
    for kind in Kind::ALL.into_iter().filter(|kind| *kind != Kind::Line) {
        for json in sent {
            let document = Document::new(kind, &RawValue::from_string(json.to_owned()).unwrap());
            assert_eq!((document.kind(), document.json()), (kind, json));
            assert_eq!(Document::from_stored(kind, json.to_owned()).content(), document.content());
        }
        let nan = if kind == Kind::Value { "\"NaN\"" } else { "[null]" };
        assert_eq!(document(kind, &Value::Null).json(), nan);
    }
}

#[test]
fn values() {
    for value in [json!(3), json!(0.25), json!("good"), json!(true), json!("x".repeat(30_000)), json!("NaN")] {
        assert_eq!(content(Kind::Value, value.clone()), Content::Value(Cell(value)));
    }
}

#[test]
fn bars() {
    let nan = f64::NAN;
    for (sent, labels, heights) in [
        (json!({"x": ["cat", 3], "y": [1.0, 2.5], "image_list": ["a"]}), vec![json!("cat"), json!(3)], vec![1.0, 2.5]),
        (json!({"x": [], "y": []}), vec![], vec![]),
        (json!({"x": ["cat", "dog"], "y": [null, true]}), vec![json!("cat"), json!("dog")], vec![nan, 1.0]),
        (json!({"y": [3, 5]}), vec![json!(0), json!(1)], vec![3.0, 5.0]),
        (json!([12.5]), vec![json!(0)], vec![12.5]),
        (json!([1, "2.5", "-Infinity"]), vec![json!(0), json!(1), json!(2)], vec![1.0, 2.5, f64::NEG_INFINITY]),
        (json!(12.5), vec![json!(0)], vec![12.5]),
        (json!({"a": 1, "b": 2}), vec![json!("a"), json!("b")], vec![1.0, 2.0]),
        (json!({"x": 1, "y": 2}), vec![json!("x"), json!("y")], vec![1.0, 2.0]),
    ] {
        let expected = Bar { x: cells(&labels), y: readings(&heights) };
        assert_eq!(content(Kind::Bar, sent.clone()), Content::Bar(expected), "{sent}");
    }
}

#[test]
fn heatmaps() {
    let matrix = vec![readings(&[9.0, 1.0]), readings(&[2.0, 8.0])];
    let (names, index) = (cells(&[json!("a"), json!("b")]), cells(&[json!(0), json!(1)]));
    for (sent, x, y, warning) in [
        (json!({"categories": ["a", "b"], "values": [[9, 1], [2, 8]]}), &names, &names, None),
        (json!({"values": [["9", true], [2, 8.0]]}), &index, &index, None),
        (json!([[9, 1], [2, 8]]), &index, &index, None),
        (json!({"x": ["a", "b"], "z": [[9, 1], [2, 8]]}), &names, &index, None),
        (json!({"y": ["a", "b"], "categories": [0, 1], "values": [[9, 1], [2, 8]]}), &index, &names, None),
        (
            json!({"categories": ["a", "b", "c"], "values": [[9, 1], [2, 8]]}),
            &index,
            &index,
            Some("3 categories label a 2 × 2 matrix"),
        ),
    ] {
        let Content::Heatmap(heatmap) = content(Kind::Heatmap, sent.clone()) else { panic!("{sent}") };
        assert_eq!((&heatmap.x, &heatmap.y, &heatmap.values), (x, y, &matrix), "{sent}");
        assert_eq!(heatmap.label_warning().as_deref(), warning, "{sent}");
    }
    let Content::Heatmap(wide) = content(Kind::Heatmap, json!({"categories": ["a"], "values": [[1, null, 3]]})) else {
        panic!("a rectangular matrix is drawn")
    };
    assert_eq!((wide.x.len(), wide.y, wide.mismatched_labels), (3, cells(&[json!("a")]), Some(1)));
}

#[test]
fn labelmaps() {
    for (sent, expected) in [
        (json!({"0": "car", "1": "bird"}), vec![("0", json!("car")), ("1", json!("bird"))]),
        (json!({"0": true, "1": false}), vec![("0", json!(true)), ("1", json!(false))]),
        (json!({"0": 7, "1": 8}), vec![("0", json!(7)), ("1", json!(8))]),
        (json!(["car", "bird"]), vec![("0", json!("car")), ("1", json!("bird"))]),
        (json!({"car": 0, "bird": 1}), vec![("0", json!("car")), ("1", json!("bird"))]),
        (json!({"a": "car"}), vec![("a", json!("car"))]),
    ] {
        let expected = expected.into_iter().map(|(index, name)| (index.to_owned(), Cell(name))).collect();
        assert_eq!(content(Kind::Labelmap, sent.clone()), Content::Labelmap(Labelmap(expected)), "{sent}");
    }
}

#[test]
fn tables() {
    let fields = |sent: Value, expected: &[(&str, Value)]| {
        let expected = expected.iter().map(|(name, value)| ((*name).to_owned(), Cell(value.clone()))).collect();
        assert_eq!(content(Kind::Table, sent.clone()), Content::Table(Table::Fields(expected)), "{sent}");
        assert_eq!(content(Kind::Evaluation, sent.clone()), content(Kind::Table, sent));
    };
    fields(
        json!({"zeta": 1, "list": [1, 2], "none": null}),
        &[("zeta", json!(1)), ("list", json!([1, 2])), ("none", json!(null))],
    );
    fields(json!({"data": "a field", "columns": 3}), &[("data", json!("a field")), ("columns", json!(3))]);
    fields(
        json!({"optimizer": {"name": "sgd", "decay": {"lr": 0.1}, "empty": {}}, "stages": [{"n": 1}, 2]}),
        &[
            ("optimizer.name", json!("sgd")),
            ("optimizer.decay.lr", json!(0.1)),
            ("optimizer.empty", json!({})),
            ("stages.0.n", json!(1)),
            ("stages.1", json!(2)),
        ],
    );
    for (sent, columns, rows, data) in [
        (
            json!({"data": [[1, "a"], [2]], "rows": ["r"], "columns": ["c"]}),
            json!(["c", 1]),
            json!(["r", null]),
            json!([[1, "a"], [2, null]]),
        ),
        (json!({"data": [[1], 2], "columns": ["c"]}), json!(["c"]), json!([]), json!([[1], [2]])),
        (json!({"data": [[1]], "rows": null, "columns": ["c"]}), json!(["c"]), json!([]), json!([[1]])),
        (json!([{"a": 1}, {"b": 2, "a": 3}]), json!(["a", "b"]), json!([]), json!([[1, null], [3, 2]])),
        (json!([{"a": 1}, 5]), json!(["Value", "a"]), json!([]), json!([[null, 1], [5, null]])),
        (json!([[1, 2], [3]]), json!([0, 1]), json!([]), json!([[1, 2], [3, null]])),
        (json!([1, 2]), json!(["Value"]), json!([]), json!([[1], [2]])),
        (json!(12.5), json!(["Value"]), json!([]), json!([[12.5]])),
    ] {
        let list = |json: &Value| cells(json.as_array().unwrap());
        let data = data.as_array().unwrap().iter().map(list).collect();
        let expected = Table::Matrix { columns: list(&columns), rows: list(&rows), data };
        assert_eq!(content(Kind::Table, sent.clone()), Content::Table(expected), "{sent}");
    }
}

/// Each of these small documents would take gigabytes if short rows were filled, or if names of nested fields were repeated.
#[test]
fn the_size_of_a_table_is_proportional_to_that_of_the_json() {
    let many = 20_000;
    let numbers = vec!["1"; many].join(",");
    let lists = format!("[[{numbers}],{}]", vec!["[]"; many].join(","));
    let matrix = format!(r#"{{"columns":[{numbers}],"data":[{}]}}"#, vec!["[2]"; many].join(","));
    let keys: Vec<_> = (0..many / 2).map(|key| format!(r#""{key}":1"#)).collect();
    let objects = format!("[{{{}}},{}]", keys.join(","), vec!["{}"; many].join(","));
    let nested = format!(r#"{{"{}":{{{}}}}}"#, "x".repeat(1 << 20), keys.join(","));
    for (sent, size) in [(lists, many + 1), (matrix, many), (objects, many + 1), (nested, 1)] {
        let document = Document::new(Kind::Table, &RawValue::from_string(sent.clone()).unwrap());
        let Content::Table(table) = document.content() else { panic!("a table is always drawn") };
        match table {
            Table::Fields(fields) => assert_eq!(fields.len(), size),
            Table::Matrix { columns, data, .. } => {
                assert_eq!((columns, data.len()), (cells(&[json!("Value")]), size));
                assert!(data.iter().all(|row| row.len() == 1));
            }
        }
    }
}

#[test]
fn what_is_not_drawn_is_data_with_the_reason() {
    let check = |kind: Kind, sent: Value, why: &str| match content(kind, sent.clone()) {
        Content::Other(data, reason) => {
            assert_eq!(data, sent);
            assert_eq!(reason.to_string(), format!("{why}; {} {kind} is {}", kind.article(), kind.shape()));
        }
        drawn => panic!("{sent} is drawn as {drawn:?}"),
    };
    check(Kind::Value, json!([1]), "a list is not a single value");
    check(Kind::Value, json!({"a": 1}), "an object is not a single value");
    check(Kind::Bar, json!({"x": ["a"], "y": [1, 2]}), "'x' has 1 label and 'y' has 2 numbers");
    check(Kind::Bar, json!({"x": ["a"], "y": ["b"]}), r#""b" is not a number"#);
    check(Kind::Bar, json!({"x": [{}], "y": [1]}), "an object is not a label");
    check(Kind::Bar, json!([["a", "b"], [1, 2]]), "a list is not a number");
    check(Kind::Bar, json!("many"), r#""many" is not a number"#);
    check(Kind::Heatmap, json!(3), "3 is not a matrix");
    check(Kind::Heatmap, json!({"values": [[1, 2], [3]]}), "row 1 has 1 values and row 0 has 2");
    check(Kind::Heatmap, json!({"values": [1]}), "row 0 is not a list");
    check(Kind::Heatmap, json!({"a": 1}), "the data has no 'values'");
    check(Kind::Labelmap, json!({"0": {"name": "car"}}), "the name of class '0' is an object");
    check(Kind::Labelmap, json!(3), "3 is not an object");
    check(Kind::Image, json!("a.png"), r#""a.png" is not an object"#);
    check(Kind::Image, json!({"object_name": "x"}), "the data has no 'filename'");
}

#[test]
fn deep_nesting_is_kept_as_text() {
    let deep = format!("{}1{}", "[".repeat(5_000), "]".repeat(5_000));
    let document = Document::new(Kind::Table, &RawValue::from_string(deep.clone()).unwrap());
    assert_eq!(document.json(), deep);
    assert!(matches!(document.content(), Content::Other(Value::String(text), _) if text == deep));
}

#[test]
fn counts_values_outside_of_texts() {
    for (json, expected) in
        [("1", 1), (r#""a,b:[{""#, 1), ("[1,2,3]", 4), (r#"{"a":1,"b\\\",":[2,3]}"#, 7), (r#"["\\",1]"#, 3)]
    {
        assert_eq!(count_values(json), expected, "{json}");
    }
}
