//! What each type of log takes, in the words with which other data is refused.

use domain::logs::Kind;

/// A table in Markdown: a row for each type.
pub fn table() -> String {
    let rows: String = Kind::ALL.iter().map(|kind| format!("| `{kind}` | {} |\n", marked(kind.shape()))).collect();
    format!("| type | data |\n| --- | --- |\n{rows}")
}

/// The shape with its JSON as code.
fn marked(shape: &str) -> String {
    let mark = |choice: &str| if choice.starts_with('{') { format!("`{choice}`") } else { choice.to_owned() };
    shape.split(", or ").map(mark).collect::<Vec<_>>().join(", or ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_code() {
        assert_eq!(marked(r#"a number, or {"a": [1, 2]}"#), r#"a number, or `{"a": [1, 2]}`"#);
        assert_eq!(table().lines().count(), 2 + Kind::ALL.len());
    }
}
