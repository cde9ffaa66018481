//! Compact pretty-printing of JSON: values that fit stay on one line, others are indented.

use serde_json::Value;

/// Maximum length of a line, in characters.
const MAX_LINE: usize = 56;

/// Formats a value on as few lines as are readable.
pub fn pretty(value: &Value) -> String {
    format_value(value, "")
}

fn format_value(value: &Value, indent: &str) -> String {
    let short = format_on_one_line(value);
    if short.chars().count() + indent.len() <= MAX_LINE {
        return short;
    }
    let inner = format!("{indent}  ");
    match value {
        Value::Array(items) => {
            let items: Vec<String> =
                items.iter().map(|item| format!("{inner}{}", format_value(item, &inner))).collect();
            format!("[\n{}\n{indent}]", items.join(",\n"))
        }
        Value::Object(fields) => {
            let field = |(name, value): (&String, &Value)| {
                format!("{inner}{}: {}", Value::from(name.as_str()), format_value(value, &inner))
            };
            format!("{{\n{}\n{indent}}}", fields.iter().map(field).collect::<Vec<_>>().join(",\n"))
        }
        _ => short,
    }
}

fn format_on_one_line(value: &Value) -> String {
    match value {
        Value::Array(items) => format!("[{}]", items.iter().map(format_on_one_line).collect::<Vec<_>>().join(", ")),
        Value::Object(fields) => {
            let field = |(name, value): (&String, &Value)| {
                format!("{}: {}", Value::from(name.as_str()), format_on_one_line(value))
            };
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
    fn wraps_only_long_values() {
        let check = |value: Value, expected: &str| {
            assert_eq!(pretty(&value), expected);
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
