//! JSON schemas in words: references resolved, nested objects as `outer.inner`, lists as `outer[]`.

use serde_json::Value;

use super::html::{escape_html, inline_markdown, table};

/// Maximum nesting depth. Schemas may be recursive.
pub const DEPTH: usize = 6;

/// Returns the schema that a reference names, or the first non-null choice of several.
pub fn resolve<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    let mut schema = schema;
    for _ in 0..DEPTH {
        let choices = ["oneOf", "anyOf", "allOf"].iter().find_map(|choice| schema[choice].as_array());
        schema = match (schema["$ref"].as_str().and_then(|path| path.rsplit('/').next()), choices) {
            (Some(name), _) => &document["components"]["schemas"][name],
            (None, Some(choices)) => match choices.iter().find(|choice| choice["type"] != "null") {
                Some(choice) => choice,
                None => return schema,
            },
            (None, None) => return schema,
        };
    }
    schema
}

/// Renders a table of the properties of an object and its nested objects. Returns an empty text if it has no properties.
pub fn fields_table(document: &Value, schema: &Value, label: &str) -> String {
    let mut rows = Vec::new();
    collect_fields(document, schema, "", DEPTH, &mut rows);
    table(label, ["Field", "Type", "Description"], &rows)
}

fn collect_fields(document: &Value, schema: &Value, prefix: &str, depth: usize, rows: &mut Vec<[String; 3]>) {
    let schema = resolve(document, schema);
    if depth == 0 {
        return;
    }
    if schema["type"] == "array" {
        let prefix = if prefix.is_empty() { String::new() } else { format!("{}[].", prefix.trim_end_matches('.')) };
        return collect_fields(document, &schema["items"], &prefix, depth - 1, rows);
    }
    let required: Vec<&str> = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    for (name, field) in schema["properties"].as_object().into_iter().flatten() {
        let optional = if required.contains(&name.as_str()) || is_nullable(field) { "" } else { ", optional" };
        rows.push([
            // May break between an object and its field.
            format!("<code>{}</code>", escape_html(&format!("{prefix}{name}")).replace('.', ".<wbr>")),
            format!("{}{optional}", escape_html(&type_name(document, field))),
            inline_markdown(description(document, field)),
        ]);
        collect_fields(document, field, &format!("{prefix}{name}."), depth - 1, rows);
    }
}

/// Returns the description of the field itself, else of its choices, else of the schema that it refers to.
pub fn description<'a>(document: &'a Value, field: &'a Value) -> &'a str {
    let named = field["$ref"].as_str().and_then(|path| path.rsplit('/').next());
    let named = named.map(|name| &document["components"]["schemas"][name]);
    let choices = field["oneOf"].as_array().into_iter().flatten();
    let description =
        std::iter::once(field).chain(choices).chain(named).find_map(|schema| schema["description"].as_str());
    description.or_else(|| resolve(document, field)["description"].as_str()).unwrap_or_default()
}

/// Returns whether the field may be null.
fn is_nullable(field: &Value) -> bool {
    let types = field["type"].as_array().into_iter().flatten();
    let choices = field["oneOf"].as_array().into_iter().flatten().map(|choice| &choice["type"]);
    types.chain(choices).any(|name| name == "null")
}

/// Returns the type in words: `text`, `whole number`, `list of ids`, `time or null`.
pub fn type_name(document: &Value, schema: &Value) -> String {
    let null = if is_nullable(schema) { " or null" } else { "" };
    let schema = resolve(document, schema);
    let name = match &schema["type"] {
        Value::String(name) => name.as_str(),
        Value::Array(names) => names.iter().filter_map(Value::as_str).find(|name| *name != "null").unwrap_or("any"),
        _ => "any",
    };
    let name = match (name, schema["format"].as_str()) {
        ("array", _) => format!("list of {}", plural_type_name(document, &schema["items"])),
        ("string", Some("uuid")) => "id".to_owned(),
        ("string", Some("date-time")) => "time".to_owned(),
        ("string", _) => "text".to_owned(),
        ("integer", _) => "whole number".to_owned(),
        ("boolean", _) => "true or false".to_owned(),
        ("any", _) => "any JSON".to_owned(),
        (other, _) => other.to_owned(),
    };
    name + null
}

/// Returns the plural of a type for lists.
fn plural_type_name(document: &Value, schema: &Value) -> String {
    match type_name(document, schema).as_str() {
        name @ ("id" | "time" | "text" | "whole number" | "number" | "object") => format!("{name}s"),
        other => other.to_owned(),
    }
}

#[cfg(test)]
mod tests;
