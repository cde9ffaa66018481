//! The data that each log type accepts, in the words of its error messages.

use domain::logs::Kind;

/// Returns a Markdown table with one row per log type.
pub fn markdown_table() -> String {
    let rows: String =
        Kind::ALL.iter().map(|kind| format!("| `{kind}` | {} |\n", format_shape(kind.shape()))).collect();
    format!("| type | data |\n| --- | --- |\n{rows}")
}

/// Returns the shape with its JSON formatted as code.
fn format_shape(shape: &str) -> String {
    let mark = |choice: &str| if choice.starts_with('{') { format!("`{choice}`") } else { choice.to_owned() };
    shape.split(", or ").map(mark).collect::<Vec<_>>().join(", or ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_json_as_code() {
        assert_eq!(format_shape(r#"a number, or {"a": [1, 2]}"#), r#"a number, or `{"a": [1, 2]}`"#);
        assert_eq!(markdown_table().lines().count(), 2 + Kind::ALL.len());
    }
}
