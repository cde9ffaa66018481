//! JSON as people write it: on one line what fits there, the rest indented.

use serde_json::Value;

/// What is longer than this takes several lines.
const LINE: usize = 56;

/// The value on as few lines as can be read.
pub fn written(value: &Value) -> String {
    lines(value, "")
}

fn lines(value: &Value, indent: &str) -> String {
    let short = line(value);
    if short.chars().count() + indent.len() <= LINE {
        return short;
    }
    let inner = format!("{indent}  ");
    match value {
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(|item| format!("{inner}{}", lines(item, &inner))).collect();
            format!("[\n{}\n{indent}]", items.join(",\n"))
        }
        Value::Object(fields) => {
            let field = |(name, value): (&String, &Value)| {
                format!("{inner}{}: {}", Value::from(name.as_str()), lines(value, &inner))
            };
            format!("{{\n{}\n{indent}}}", fields.iter().map(field).collect::<Vec<_>>().join(",\n"))
        }
        _ => short,
    }
}

fn line(value: &Value) -> String {
    match value {
        Value::Array(items) => format!("[{}]", items.iter().map(line).collect::<Vec<_>>().join(", ")),
        Value::Object(fields) => {
            let field = |(name, value): (&String, &Value)| format!("{}: {}", Value::from(name.as_str()), line(value));
            format!("{{{}}}", fields.iter().map(field).collect::<Vec<_>>().join(", "))
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn short_things_take_a_line_and_long_ones_more() {
        let check = |value: Value, expected: &str| {
            assert_eq!(written(&value), expected);
            assert_eq!(serde_json::from_str::<Value>(expected).unwrap(), value);
        };
        check(json!([]), "[]");
        check(json!({"a\"": [1, null]}), r#"{"a\"": [1, null]}"#);
        let long = "x".repeat(50);
        check(
            json!({"name": long, "data": [0.9, 0.7]}),
            &format!("{{\n  \"name\": \"{long}\",\n  \"data\": [0.9, 0.7]\n}}"),
        );
        check(json!([long, {}]), &format!("[\n  \"{long}\",\n  {{}}\n]"));
    }
}
