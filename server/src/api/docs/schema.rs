//! What a body is made of, in words: references resolved, objects within objects as `outer.inner`, lists as `outer[]`.

use serde_json::Value;

use super::html::{escaped, inline, table};

/// Deeper than this nothing is unfolded; schemas may refer to themselves.
pub const DEPTH: usize = 6;

/// The schema itself: what a reference names; of several the first that is not null.
pub fn resolved<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    let mut schema = schema;
    for _ in 0..DEPTH {
        let choices = ["oneOf", "anyOf", "allOf"].iter().find_map(|choice| schema[choice].as_array());
        schema = match (schema["$ref"].as_str().and_then(|path| path.rsplit('/').next()), choices) {
            (Some(name), _) => &document["components"]["schemas"][name],
            (None, Some(choices)) => match choices.iter().find(|one| one["type"] != "null") {
                Some(one) => one,
                None => return schema,
            },
            (None, None) => return schema,
        };
    }
    schema
}

/// The properties of an object, and of the objects in it, in a table; nothing for what has none.
pub fn fields(document: &Value, schema: &Value, about: &str) -> String {
    let mut rows = Vec::new();
    gather(document, schema, "", DEPTH, &mut rows);
    table(about, ["Field", "Type", "Meaning"], &rows)
}

fn gather(document: &Value, schema: &Value, before: &str, depth: usize, rows: &mut Vec<[String; 3]>) {
    let schema = resolved(document, schema);
    if depth == 0 {
        return;
    }
    if schema["type"] == "array" {
        let before = if before.is_empty() { String::new() } else { format!("{}[].", before.trim_end_matches('.')) };
        return gather(document, &schema["items"], &before, depth - 1, rows);
    }
    let required: Vec<&str> = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    for (name, field) in schema["properties"].as_object().into_iter().flatten() {
        let optional = if required.contains(&name.as_str()) || nullable(field) { "" } else { ", optional" };
        rows.push([
            // Breaks where it must between an object and its field.
            format!("<code>{}</code>", escaped(&format!("{before}{name}")).replace('.', ".<wbr>")),
            format!("{}{optional}", escaped(&kind(document, field))),
            inline(meaning(document, field)),
        ]);
        gather(document, field, &format!("{before}{name}."), depth - 1, rows);
    }
}

/// What is said where it stands, or else of what it names, or of what that is.
pub fn meaning<'a>(document: &'a Value, field: &'a Value) -> &'a str {
    let named = field["$ref"].as_str().and_then(|path| path.rsplit('/').next());
    let named = named.map(|name| &document["components"]["schemas"][name]);
    let choices = field["oneOf"].as_array().into_iter().flatten();
    let said = std::iter::once(field).chain(choices).chain(named).find_map(|one| one["description"].as_str());
    said.or_else(|| resolved(document, field)["description"].as_str()).unwrap_or_default()
}

/// Whether the field may be null.
fn nullable(field: &Value) -> bool {
    let types = field["type"].as_array().into_iter().flatten();
    let choices = field["oneOf"].as_array().into_iter().flatten().map(|choice| &choice["type"]);
    types.chain(choices).any(|one| one == "null")
}

/// The type in words.
pub fn kind(document: &Value, schema: &Value) -> String {
    let null = if nullable(schema) { " or null" } else { "" };
    let schema = resolved(document, schema);
    let word = match &schema["type"] {
        Value::String(word) => word.as_str(),
        Value::Array(words) => words.iter().filter_map(Value::as_str).find(|word| *word != "null").unwrap_or("any"),
        _ => "any",
    };
    let word = match (word, schema["format"].as_str()) {
        ("array", _) => format!("list of {}", many(document, &schema["items"])),
        ("string", Some("uuid")) => "id".to_owned(),
        ("string", Some("date-time")) => "time".to_owned(),
        ("string", _) => "text".to_owned(),
        ("integer", _) => "whole number".to_owned(),
        ("boolean", _) => "true or false".to_owned(),
        ("any", _) => "any JSON".to_owned(),
        (other, _) => other.to_owned(),
    };
    word + null
}

fn many(document: &Value, schema: &Value) -> String {
    match kind(document, schema).as_str() {
        word @ ("id" | "time" | "text" | "whole number" | "number" | "object") => format!("{word}s"),
        other => other.to_owned(),
    }
}

#[cfg(test)]
mod tests;
