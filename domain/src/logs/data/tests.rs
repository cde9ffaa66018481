//! Tests of every shape that scripts send, and of shapes that are rejected.

use serde_json::{Value, json};

use super::*;
use crate::logs::Reading;

#[test]
fn documents_round_trip_unchanged() {
    let matrix = json!({"data": [[1, "a"], [null, 2.5]], "rows": ["r1", "r2"], "columns": ["c1", 2]});
    for (kind, sent) in [
        (Kind::Value, json!(3)),
        (Kind::Value, json!(0.25)),
        (Kind::Value, json!("good")),
        (Kind::Bar, json!({"x": ["cat", 3], "y": [1.0, 2.5], "image_list": ["a", "b"]})),
        (Kind::Bar, json!({"x": [], "y": []})),
        (Kind::Bar, json!({"x": ["cat"], "y": [null]})),
        (Kind::Table, json!({"zeta": 1, "alpha": "two", "list": [1, 2], "none": null})),
        (Kind::Table, json!({"data": "a field", "columns": 3})),
        (Kind::Table, matrix),
        (Kind::Heatmap, json!({"categories": ["a", "b"], "values": [[1.0, 0.0], [null, 2.0]]})),
        (Kind::Labelmap, json!({"0": "car", "1": "bird"})),
        (Kind::Image, json!({"object_name": "o", "filename": "f.png", "name": "f.png", "large": true})),
        (Kind::Evaluation, json!([{"a": 1}])),
    ] {
        let document = Document::parse(kind, &sent).unwrap();
        assert_eq!(document.kind(), kind);
        let back = document.to_json();
        assert_eq!(back.to_string(), sent.to_string(), "including the order of keys");
        assert_eq!(Document::parse(kind, &back), Ok(document), "a stored document parses again");
    }
    assert_eq!(Document::parse(Kind::Value, &Value::Null).unwrap().to_json(), json!("NaN"));
}

#[test]
fn lines_accept_three_shapes() {
    fn check(json: Value, steps: Option<&[i64]>, values: &[f64]) {
        let values = values.iter().copied().map(Reading).collect();
        let samples = Samples { steps: steps.map(Into::into), values, times: None };
        assert_eq!(Data::parse(Kind::Line, &json), Ok(Data::Line(samples)), "{json}");
    }
    check(json!(0.5), None, &[0.5]);
    check(json!(3), None, &[3.0]);
    check(Value::Null, None, &[f64::NAN]);
    check(json!("-Infinity"), None, &[f64::NEG_INFINITY]);
    check(json!([0.5, null]), None, &[0.5, f64::NAN]);
    check(json!([]), None, &[]);
    check(json!({"steps": [5, 5, 2.0], "values": [1, 2, 3]}), Some(&[5, 5, 2]), &[1.0, 2.0, 3.0]);
}

#[test]
fn errors_show_the_right_shape() {
    fn check(kind: Kind, json: Value, why: &str) {
        let error = Data::parse(kind, &json).unwrap_err().to_string();
        assert_eq!(error, format!("{why}; {} {kind} is {}", kind.article(), kind.shape()));
    }
    check(Kind::Line, json!("0.5"), r#""0.5" is not a number"#);
    check(Kind::Line, json!([0.5, true]), "true is not a number");
    check(Kind::Line, json!([[1]]), "a list is not a number");
    check(Kind::Line, json!({"values": [1]}), "the object has no 'steps'");
    check(Kind::Line, json!({"steps": 1, "values": [1]}), "'steps' is not a list");
    check(Kind::Line, json!({"steps": [1], "values": [1, 2]}), "'steps' has 1 entries and 'values' has 2");
    check(Kind::Line, json!({"steps": [1.5], "values": [1]}), "the step 1.5 is not a whole number");
    check(Kind::Line, json!({"steps": [1_i64 << 60], "values": [1]}), "the step 1152921504606846976 is beyond ±2^53");
    check(Kind::Value, json!([1]), "a list is not a single value");
    check(Kind::Value, json!({"a": 1}), "an object is not a single value");
    check(Kind::Bar, json!([1]), "a list is not an object");
    check(Kind::Bar, json!({"x": ["a"]}), "the data has no 'y'");
    check(Kind::Bar, json!({"x": ["a"], "y": [1, 2]}), "'x' has 1 labels and 'y' has 2 numbers");
    check(Kind::Bar, json!({"x": ["a"], "y": ["b"]}), r#""b" is not a number"#);
    check(Kind::Bar, json!({"x": [{}], "y": [1]}), "an object is not a label");
    check(Kind::Table, json!([{"a": 1}]), "a list is not an object");
    check(Kind::Table, json!({"columns": ["a"], "data": [[1, 2]]}), "row 0 of 'data' has 2 values for 1 columns");
    check(Kind::Table, json!({"columns": ["a"], "rows": [], "data": [3]}), "row 0 of 'data' is not a list");
    check(Kind::Heatmap, json!({"categories": ["a"], "values": []}), "there are 1 categories and 0 rows of values");
    check(Kind::Heatmap, json!({"categories": ["a"], "values": [[1, 2]]}), "row 0 has 2 values for 1 categories");
    check(Kind::Labelmap, json!(["car"]), "a list is not an object");
    check(Kind::Labelmap, json!({"0": null}), "the name of class '0' is null, not a text");
    check(Kind::Image, json!("a.png"), r#""a.png" is not an object"#);
    check(Kind::Image, json!({"object_name": "x"}), "the data has no 'filename'");
    check(Kind::Evaluation, json!(3), "3 is a single value");
}
